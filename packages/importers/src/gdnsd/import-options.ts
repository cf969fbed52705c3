import { readSocketAddress } from '@windrose/config'
import { readAddress } from '@windrose/ip'
import { type Draft, note } from '../draft.ts'
import { leaveOut, quoteEntry, Settings } from './settings.ts'
import { itemsOf, type VscfEntry, type VscfHash } from './vscf-value.ts'

/** Options that master files and answers depend on. */
export interface ZoneOptions {
  /** Seconds. */
  readonly defaultTtl: number
  readonly minTtl: number
  readonly maxTtl: number
}

/** The `options` of a gdnsd configuration: what windrose has a key for goes into the draft, the rest is listed. */
export function importOptions(draft: Draft, hash: VscfHash | undefined): ZoneOptions {
  if (hash === undefined) return { defaultTtl: 86_400, minTtl: 5, maxTtl: 3_600_000 }
  const settings = new Settings(draft, hash)
  const port = settings.integer('dns_port', [1, 65_535]) ?? 53
  const listen = settings.take('listen')
  if (listen !== undefined) draft.listen.push(...listenAddresses(draft, listen, port))
  if (draft.listen.length === 0 && port !== 53) draft.listen.push(`0.0.0.0:${port}`, `[::]:${port}`)
  importServer(draft, settings)
  const zoneOptions = {
    defaultTtl: settings.integer('zones_default_ttl', [1, 2 ** 31 - 1]) ?? 86_400,
    minTtl: settings.integer('min_ttl', [0, 86_400]) ?? 5,
    maxTtl: settings.integer('max_ttl', [3600, 2 ** 28 - 1]) ?? 3_600_000,
  }
  for (const entry of settings.rest()) {
    const known = Object.hasOwn(WITHOUT_COUNTERPART, entry.key) ? WITHOUT_COUNTERPART[entry.key] : undefined
    if (known === undefined) leaveOut(draft, entry, 'no option of gdnsd 3 has this name', 'see whether it is a slip')
    else leaveOut(draft, entry, ...known)
  }
  return zoneOptions
}

function importServer(draft: Draft, settings: Settings): void {
  const { server } = draft
  const threads = settings.integer('udp_threads', [1, 256])
  if (threads !== undefined) server.set('udp_threads', threads)
  const payload = settings.integer('max_edns_response', [512, 16_384])
  if (payload !== undefined) server.set('edns_payload', Math.min(payload, 4096))
  const nsid = settings.text('nsid_ascii')
  if (nsid !== undefined && nsid !== '') server.set('nsid', nsid)
  const ecs = settings.boolean('edns_client_subnet')
  if (ecs === false) server.set('ecs', false)
  const chaos = settings.text('chaos_response')
  if (chaos !== undefined && /^[\x20-\x7e]{1,255}$/.test(chaos)) server.set('chaos', { version: chaos })
}

function listenAddresses(draft: Draft, entry: VscfEntry, port: number): string[] {
  const { value } = entry
  const texts =
    value.kind === 'hash'
      ? [...value.entries.values()].map((inner) => {
          if (inner.value.kind === 'hash' && inner.value.entries.size > 0) {
            leaveOut(draft, inner, 'windrose has no options for one address', 'see "server" in the configuration')
          }
          return { text: inner.key, place: inner.place }
        })
      : itemsOf(value).map((item) => ({ text: item.kind === 'text' ? item.text : '', place: item.place }))
  return texts.flatMap(({ text, place }) => {
    if (text === 'any') return [`0.0.0.0:${port}`, `[::]:${port}`]
    const address = readAddress(text)
    if (address !== undefined) return [address.length === 16 ? `[${text}]:${port}` : `${text}:${port}`]
    if (!('problem' in readSocketAddress(text))) return [text]
    const why = 'an address, or an address with its port, is expected'
    note(draft, 'left out', place, { source: quoteEntry(entry), why, instead: 'add it to "listen"' })
    return []
  })
}

const NO_NEED = 'nothing: windrose does this by itself'

/** Why an option has no key in windrose.yaml, and what to do. */
const WITHOUT_COUNTERPART: Readonly<Record<string, readonly [why: string, instead: string]>> = {
  acme_challenge_dns_ttl: [
    'windrose answers no ACME challenges of its own',
    'write _acme-challenge records to the master file',
  ],
  acme_challenge_ttl: [
    'windrose answers no ACME challenges of its own',
    'write _acme-challenge records to the master file',
  ],
  chal_ok: ['the control API has a token', 'see the control API'],
  cookie_key_file: ['windrose has no DNS cookies', 'nothing'],
  ctl_ok: ['the control API has a token', 'see the control API'],
  disable_cookies: ['windrose has no DNS cookies', 'nothing'],
  disable_tcp_dso: ['windrose has no DNS Stateful Operations', 'nothing'],
  disable_text_autosplit: ['TXT strings are written as they are served', 'split long strings in the master file'],
  experimental_no_chain: ['windrose follows aliases inside its zones', 'nothing: the answer holds more'],
  lock_mem: ['windrose does not lock its memory', 'let the service manager limit the swap'],
  max_edns_response_v6: ['there is one size for both families', 'see "server.edns_payload"'],
  max_ncache_ttl: ['the SOA record says it', 'see the minimum of the SOA'],
  max_nocookie_response: ['windrose has no DNS cookies', 'see "server.edns_payload"'],
  nsid: ['the name of the server is text in windrose', 'set "server.nsid"'],
  run_dir: ['there is one directory for all state', 'set "state_dir"'],
  state_dir: ['gdnsd keeps other files there', 'set "state_dir" to a directory of its own'],
  tcp_backlog: ['the system says it', NO_NEED],
  tcp_clients_per_thread: ['connections are counted over the server', 'set "server.tcp.max_connections"'],
  tcp_control: ['the control API is HTTP on loopback', 'see "control.listen"'],
  tcp_fastopen: ['windrose does not use TCP Fast Open', 'nothing'],
  tcp_pad: ['windrose does not pad responses', 'nothing'],
  tcp_proxy: ['windrose takes no PROXY headers', 'let clients reach it without a proxy'],
  tcp_threads: ['one thread serves TCP', NO_NEED],
  tcp_timeout: ['connections without a query are closed sooner', 'set "server.tcp.idle_timeout"'],
  udp_rcvbuf: ['buffers are 4 MB', NO_NEED],
  udp_sndbuf: ['buffers are 4 MB', NO_NEED],
  zones_rfc1035_threads: ['zones are compiled on a thread of their own', NO_NEED],
  zones_strict_data: ['faults of a zone are always refused, doubts always told', NO_NEED],
}
