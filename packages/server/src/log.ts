import type { Logger } from 'pino'

export type { Logger }

/**
 * The log of the control plane: JSON lines on standard error, or lines for people where that is a terminal.
 *
 * Field names are the same everywhere: `time level msg component` and, where it applies, `endpoint from to reason
 * override author target revision file thread err`. Written synchronously by the main thread; answering threads do not
 * log, they tell the main thread.
 */
export async function createLog(options: LogOptions = {}): Promise<Logger> {
  const { level = 'info', forPeople = process.stderr.isTTY === true } = options
  const { pino } = await import('pino')
  const destination = forPeople
    ? (await import('pino-pretty')).default({
        destination: 2,
        sync: true,
        translateTime: 'SYS:HH:MM:ss.l',
        hideObject: true,
        messageFormat: textForPeople,
      })
    : pino.destination({ dest: 2, sync: true })
  return pino(
    {
      level,
      // The pid is in the status and in every supervisor's own prefix.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
}

/** The message says all that its fields say; only the stack of an error is more. */
function textForPeople(line: Record<string, unknown>, messageKey: string): string {
  const { err } = line
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : ''
  return `${String(line[messageKey])}${stack}`
}

export interface LogOptions {
  /** Until the configuration says another one. */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  /** By default where standard error is a terminal. */
  readonly forPeople?: boolean
}
