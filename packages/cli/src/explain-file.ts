import type { ExplainQuestion } from './show-explanation.ts'

void (0 as unknown as ExplainQuestion)
export async function explainFile(_file: string, _question: ExplainQuestion, _json: boolean): Promise<void> {}
