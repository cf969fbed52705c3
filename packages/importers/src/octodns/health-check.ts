import { printName } from '@windrose/dns'
import { checkBySettings } from '../check-by-settings.ts'
import { type Draft, note } from '../draft.ts'
import type { OctodnsRecord } from './record.ts'

/**
 * The check of a dynamic record: `octodns.healthcheck`, by default `https://ADDRESS/_dns` with the record's name as host,
 * and 200 for success. Undefined for what windrose cannot probe.
 */
export function checkOf(draft: Draft, { owner, view, type }: OctodnsRecord): string | undefined {
  const check = view.at('octodns')?.at('healthcheck')
  for (const [key, value] of check?.entries() ?? []) {
    if (KNOWN_KEYS.has(key)) continue
    const source = `${printName(owner)} ${type}: healthcheck.${key}`
    note(draft, 'left out', value.keyPlace, {
      source,
      why: 'it is not known',
      instead: 'see whether the check of windrose should do it',
    })
  }
  const fqdn = printName(owner).slice(0, -1).replace(/^\*\./, '')
  const protocol = (check?.text('protocol') ?? 'HTTPS').toUpperCase()
  const port = check?.number('port') ?? (protocol === 'HTTP' ? 80 : 443)
  const host = check?.text('host') ?? fqdn
  const path = check?.text('path') ?? '/_dns'
  const place = check?.place ?? view.place
  const settings = settingsOf({ protocol, port, host, path: path.startsWith('/') ? path : `/${path}` })
  if (settings === undefined) {
    const why = `windrose has no check of the protocol ${protocol}`
    note(draft, 'left out', place, {
      source: `${printName(owner)} ${type}: healthcheck`,
      why,
      instead: 'write a check by hand',
    })
    return undefined
  }
  const subject = settings['host'] ?? settings['port'] ?? ''
  const comment = check === undefined ? "octoDNS's default health check" : 'octodns.healthcheck'
  return checkBySettings(draft, `${protocol.toLowerCase()}-${subject}`, { settings, place, comment })
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(['host', 'path', 'port', 'protocol'])

interface Probe {
  readonly protocol: string
  readonly port: number
  readonly host: string
  readonly path: string
}

function settingsOf({ protocol, port, host, path }: Probe): Readonly<Record<string, unknown>> | undefined {
  const isHttps = protocol === 'HTTPS'
  if (isHttps || protocol === 'HTTP') {
    return {
      type: isHttps ? 'https' : 'http',
      ...(port === (isHttps ? 443 : 80) ? {} : { port }),
      path,
      ...(host === '' ? {} : { host }),
      // Providers do not look at the certificate.
      ...(isHttps ? { tls: { verify: 'off' } } : {}),
      expect: { status: [200] },
    }
  }
  if (protocol === 'TCP') return { type: 'tcp', port }
  return protocol === 'ICMP' ? { type: 'icmp' } : undefined
}
