/** What every verb ends with. */
export const ExitCode = {
  done: 0,
  /** The answer is no, or the input is wrong. */
  refused: 1,
  usage: 2,
  /** A running server, a port, a download: something outside that the verb needs is not to be had. */
  unreachable: 3,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Ends a verb with a sentence for people and an exit code. */
export class CommandFailure extends Error {
  readonly code: ExitCode

  constructor(message: string, code: ExitCode = ExitCode.refused) {
    super(message)
    this.name = 'CommandFailure'
    this.code = code
  }
}
