import type { TlsCheck } from '@windrose/health'
import { openConnection } from './connection.ts'
import type { Probing } from './probing.ts'
import { succeedWith } from './succeed-with.ts'
import { wishTls } from './tls-connection.ts'

/** A handshake with a certificate that is good is all there is to see. */
export function probeTls(probing: Probing, check: TlsCheck): void {
  openConnection(probing, check, { tls: wishTls(check, undefined, probing) }, (connection) =>
    succeedWith(probing.attempt, 'TLS handshake completed', connection),
  )
}
