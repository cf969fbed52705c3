import { printName } from '@windrose/dns'
import { checkBySettings } from '../check-by-settings.ts'
import { type Draft, note } from '../draft.ts'
import type { OctodnsRecord } from './record.ts'

/**
 * The check of a dynamic record: `octodns.healthcheck`, by default `https://ADDRESS/_dns` with the record's name as host,
 * and 200 for success. Undefined for what windrose cannot probe.
 */
export function checkOf(draft: Draft, { owner, view, type }: OctodnsRecord): string | undefined {
  const options = view.at('octodns')
  const check = options?.at('healthcheck')
  for (const [key, value] of options?.entries() ?? []) {
    if (KNOWN_OPTIONS.has(key)) continue
    const source = `${printName(owner)} ${type}: octodns.${key}`
    const why = 'it is for one provider of octoDNS'
    note(draft, 'left out', value.keyPlace, {
      source,
      why,
      instead: 'see whether it asks for something that the check should do',
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

/** What says which providers get a record means nothing here. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set(['healthcheck', 'ignored', 'included', 'excluded', 'lenient'])

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
