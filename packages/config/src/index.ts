export { printDuration, readDuration } from './duration.ts'
export { printProblem, printProblems } from './print-problem.ts'
export type { Settings } from './schema.ts'
