import type { Problem } from '@windrose/dns'

/** Why the server does not start, in one line for people. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartRefused'
  }
}

/** The configuration has errors: all of them, with their places. Warnings come along. */
export class ConfigurationRefused extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(countErrors(problems))
    this.name = 'ConfigurationRefused'
    this.problems = problems
  }
}

/** `the configuration has 2 errors`. */
export function countErrors(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return `the configuration has ${errors === 1 ? '1 error' : `${errors} errors`}`
}
