import type { Logger } from './log.ts'
import type { RunningServer } from './running-server.ts'

/**
 * Lets the system's signals steer the server: SIGHUP reads the configuration again, SIGTERM and SIGINT answer what is in
 * hand, close and exit with 0. A second one exits at once.
 */
export function handleSignals(server: RunningServer, log: Logger): void {
  let stopping = false
  const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (stopping) {
      log.warn({ component: 'server' }, `${signal} again: exiting at once`)
      process.exit(EXIT_CODES[signal])
    }
    stopping = true
    log.info({ component: 'server' }, `${signal}: stopping`)
    server.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ component: 'server', err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGHUP', () => void server.reload('SIGHUP'))
}

/** 128 and the number of the signal, as shells have it. */
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const
