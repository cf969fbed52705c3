import type { ServedConfiguration } from '../compile/compiled.ts'
import type { Logger } from '../log.ts'
import type { ServerKey } from '../state/server-key.ts'

/**
 * Says what is to be added to the configurations where signatures are required and this server's key is not among the
 * trusted ones: they are alike on all servers, so the others would not count the pushes that this one takes in.
 */
export function warnOfUntrustedKey(
  log: Logger,
  key: ServerKey | undefined,
  { health, checks }: Pick<ServedConfiguration, 'health' | 'checks'>,
): void {
  if (key === undefined || !health.requireSigned || !checks.some(({ type }) => type === 'push')) return
  const trusted = health.trustedKeys.get(key.agent)
  if (trusted !== undefined && Buffer.from(trusted).toString('base64') === key.publicKey) return
  const what = trusted === undefined ? 'is not in health.trusted_keys' : 'is another one than health.trusted_keys has'
  const text =
    `the key of this server ${what}: pushes that it takes in do not count on servers that lack it; ` +
    `add to health.trusted_keys of all of them: ${printTrustedKey(key)}`
  log.warn({ component: 'health', agent: key.agent }, text)
}

/** As it stands in the configuration. */
export function printTrustedKey({ agent, publicKey }: Pick<ServerKey, 'agent' | 'publicKey'>): string {
  return `${agent}: "${publicKey}"`
}
