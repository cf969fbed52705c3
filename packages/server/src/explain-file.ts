import type { ExplainParameters } from './control/explain-route.ts'
import type { AreaExplanationBody, ExplanationBody } from './control/explain-types.ts'

/**
 * Explains an answer from a configuration alone, without a running server: as it would be with every endpoint up. Throws
 * a ConfigurationRefused, a StartRefused, or an error that says what is wrong with the question.
 */
export async function explainFromFile(
  file: string,
  parameters: ExplainParameters,
): Promise<ExplanationBody | AreaExplanationBody> {
  // Loaded when it is wanted: starting a server does not wait for it.
  const { explainCompiled } = await import('./explain-compiled.ts')
  return explainCompiled(file, parameters)
}
