/**
 * A name server in a few words, for this package's tests: zones as master files, services as site and address, clients as
 * prefix and nearest sites. It is asked as a resolver asks, octets to octets.
 */
import {
  composeClientSubnet,
  composeMessage,
  EdnsOption,
  type EdnsOptionValue,
  type Message,
  type Name,
  nameKey,
  parseMessage,
  printRr,
  type Rr,
  rclassOf,
  readMasterFile,
  readName,
  rtypeOf,
} from '@windrose/dns'
import { BinaryTrie, buildPrefixTrie, readAddress, readPrefix } from '@windrose/ip'
import {
  type ClientClass,
  type ClientMap,
  type Endpoint,
  type HealthTable,
  healthCell,
  type Service,
  SPECIAL_CLASS,
  STABILITY_MAX,
  UNPLACED,
  Verdict,
} from '@windrose/steering'
import { buildZone, compileZones, type Zone } from '@windrose/zone'
import fc from 'fast-check'
import { composeBodies } from './compose-bodies.ts'
import { Counter } from './counters.ts'
import { Exchange } from './exchange.ts'
import { respond, SILENCE } from './respond.ts'
import { ambientFrom, Runtime } from './runtime.ts'
import { type Settings, UDP_PAYLOAD } from './settings.ts'
import type { Snapshot } from './snapshot.ts'
import { WHOAMI_SERVICE } from './whoami.ts'

export interface SceneSource {
  /** By apex. SOA and NS are added. */
  readonly zones: Readonly<Record<string, string>>
  /** By owner, absolute: the service, or `whoami`. */
  readonly steer?: Readonly<Record<string, string>>
  readonly services?: Readonly<Record<string, ServiceSource>>
  /** By prefix: the nearest sites in order, or special-purpose space. Later ones are laid over earlier ones. */
  readonly clients?: Readonly<Record<string, readonly string[] | 'special'>>
  readonly settings?: Partial<Settings>
}

export interface ServiceSource {
  /** By site: `ADDRESS|NAME. [alias] [wWEIGHT] [up|down|unknown]`, 1 and up if not said. */
  readonly pools: Readonly<Record<string, readonly string[]>>
  /** `nearest` if not said. Those with `nearest` ask for the client's class. */
  readonly policy?: 'nearest' | 'failover' | 'weighted' | 'consistent' | 'nearest, consistent'
  readonly answers?: number
  readonly ttl?: Service['ttl']
  readonly onAllDown?: Service['onAllDown']
}

export interface QueryParts {
  /** `PREFIX` or `FAMILY/SOURCE/SCOPE/HEX` for what no prefix can say. */
  readonly ecs?: string
  /** The resolver's address; 198.51.100.53 if not said. */
  readonly from?: string
  readonly tcp?: boolean
  /** Offers EDNS with this payload size; undefined with `ecs`, `options` or `dnssecOk` means 1232. */
  readonly payload?: number
  readonly dnssecOk?: boolean
  readonly version?: number
  readonly options?: readonly EdnsOptionValue[]
  readonly message?: Partial<Message>
}

export class Scene {
  readonly snapshot: Snapshot
  readonly runtime: Runtime
  /** What the next draws are; 0 when there are no more. */
  readonly draws: number[] = []
  readonly #endpoints: ReadonlyMap<string, number>
  readonly #source: SceneSource

  constructor(source: SceneSource) {
    this.#source = source
    const services = readServices(source)
    this.#endpoints = new Map(services.flatMap(endpointsOf).map((endpoint) => [endpoint.label, endpoint.index]))
    const zones = compileZones(Object.entries(source.zones).map(([apex, text]) => readZone(apex, text, source)))
    this.snapshot = {
      zones,
      bodies: composeBodies(zones),
      services,
      maps: [readClients(source)],
      health: readVerdicts(source),
      epochs: new Int32Array(new SharedArrayBuffer(services.length * 4)),
      aliases: new Map(),
      placements: [],
      settings: { ...SETTINGS, ...source.settings },
    }
    this.runtime = new Runtime(
      ambientFrom(() => this.draws.shift() ?? 0),
      this.snapshot,
    )
  }

  /** Asks `NAME TYPE [CLASS]`; the response as a value. Fails where there is none or it is malformed. */
  ask(question: string, parts: QueryParts = {}): Message {
    return parse(this.send(composeQuery(question, parts), parts))
  }

  /** The response to any octets; undefined for silence. */
  send(packet: Uint8Array, parts: QueryParts = {}): Uint8Array | undefined {
    const exchange = exchangeOf(packet, parts)
    const length = respond(exchange, this.runtime)
    return length === SILENCE ? undefined : exchange.out.slice(0, length)
  }

  /** What names outside the zones are resolved to. */
  setAliases(aliases: Snapshot['aliases']): void {
    this.runtime.take({ ...this.snapshot, aliases })
  }

  /** Changes a verdict, and by that the epoch of the service. */
  setVerdict(label: string, verdict: Verdict): void {
    const index = this.#endpoints.get(label)!
    this.snapshot.health.cells[index] = healthCell(verdict, 0, STABILITY_MAX)
    for (const service of this.snapshot.services) {
      if (endpointsOf(service).some((endpoint) => endpoint.index === index)) this.snapshot.epochs[service.index]!++
    }
  }

  /** How a counterexample is shown. */
  [fc.toStringMethod](): string {
    return JSON.stringify(this.#source, undefined, 1)
  }

  count(counter: Exclude<keyof typeof Counter, 'rcodes'>): number {
    return this.runtime.counters[Counter[counter]]!
  }
}

//----------- Questions and answers -------------------------------------------

export function exchangeOf(packet: Uint8Array, parts: QueryParts): Exchange {
  // Room behind the message, as transports have it: nobody may read it.
  const padded = new Uint8Array(packet.length + 64).fill(0xee)
  padded.set(packet)
  const exchange = new Exchange(padded, new Uint8Array(65535))
  const source = readAddress(parts.from ?? '198.51.100.53')!
  exchange.length = packet.length
  exchange.source.fill(0xee)
  exchange.source.set(source)
  exchange.family = source.length === 4 ? 4 : 6
  exchange.tcp = parts.tcp ?? false
  return exchange
}

export function composeQuery(question: string, parts: QueryParts = {}): Uint8Array {
  const [qname, qtype, qclass] = question.split(' ')
  const options = [...(parts.options ?? [])]
  if (parts.ecs !== undefined) options.push({ code: EdnsOption.CLIENT_SUBNET, data: subnetOf(parts.ecs) })
  const hasEdns = [parts.payload, parts.dnssecOk, parts.version].some((part) => part !== undefined)
  const edns = {
    payloadSize: parts.payload ?? 1232,
    version: parts.version ?? 0,
    dnssecOk: parts.dnssecOk ?? false,
    options,
  }
  return composeMessage({
    ...QUERY,
    questions: [{ qname: nameOf(qname!), qtype: rtypeOf(qtype!)!, qclass: rclassOf(qclass ?? 'IN') ?? Number(qclass) }],
    ...(hasEdns || options.length > 0 ? { edns } : {}),
    ...parts.message,
  })
}

export function parse(octets: Uint8Array | undefined): Message {
  if (octets === undefined) throw new Error('there is no response')
  const message = parseMessage(octets)
  if ('malformed' in message) throw new Error(message.malformed)
  return message
}

/** The records of a section as lines of a master file. */
export function lines(records: readonly Rr[]): string[] {
  return records.map(printRr)
}

/** The client subnet option of a response as `FAMILY ADDRESS-OCTETS/SOURCE/SCOPE`; undefined where there is none. */
export function subnet(message: Message): string | undefined {
  const data = message.edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)?.data
  return data && `${(data[0]! << 8) | data[1]!} ${data.slice(4).join('.')}/${data[2]}/${data[3]}`
}

/** The scope that the response holds for; undefined without a client subnet. */
export function scope(message: Message): number | undefined {
  return message.edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)?.data[3]
}

/** As aliases are keyed. */
export function nameKeyOf(text: string): string {
  return nameKey(nameOf(text))
}

export function nameOf(text: string): Name {
  const name = readName(text)
  if ('problem' in name) throw new Error(`${text}: ${name.problem}`)
  return name
}

export function subnetOf(text: string): Uint8Array {
  const raw = /^(\d+)\/(\d+)\/(\d+)\/([0-9a-f]*)$/.exec(text)
  if (raw !== null) {
    const address = (raw[4]!.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16))
    return Uint8Array.of(0, Number(raw[1]), Number(raw[2]), Number(raw[3]), ...address)
  }
  const { prefix } = readPrefix(text)!
  const family = prefix.address.length === 4 ? 1 : 2
  return composeClientSubnet({ family, sourceLength: prefix.length, scopeLength: 0, address: prefix.address })
}

const QUERY: Message = {
  id: 0x1234,
  qr: false,
  opcode: 0,
  aa: false,
  tc: false,
  rd: false,
  ra: false,
  z: false,
  ad: false,
  cd: false,
  rcode: 0,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
}

//----------- Zones, services, clients ----------------------------------------

const SETTINGS: Settings = {
  udpPayload: UDP_PAYLOAD,
  clientSubnet: true,
  nsid: new Uint8Array(0),
  version: new Uint8Array(0),
  hostname: new Uint8Array(0),
  tcpKeepalive: 0,
}

/** Two lines that every zone needs; the last says how long denials may be kept. */
export const APEX_RECORDS = '$TTL 300\n@ 3600 SOA ns1 hostmaster 1 7200 1800 1209600 60\n@ NS ns1\n'

function readZone(apex: string, text: string, source: SceneSource): Zone {
  const place = { file: 'zone', line: 1, column: 1 }
  const origin = nameOf(apex)
  const { records, problems } = readMasterFile({ file: 'zone', text: `${APEX_RECORDS}${text}\n`, origin })
  const services = Object.keys(source.services ?? {})
  const steered = Object.entries(source.steer ?? {})
    .filter(([owner]) => `.${owner}`.endsWith(`.${apex}`))
    .map(([owner, service]) => {
      const index = service === 'whoami' ? WHOAMI_SERVICE : services.indexOf(service)
      return { owner: nameOf(owner), service: index, place }
    })
  const built = buildZone({ apex: origin, records, steered, place })
  const errors = [...problems, ...built.problems].filter(({ severity }) => severity === 'error')
  if (built.zone === undefined || errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return built.zone
}

function sitesOf(source: SceneSource): string[] {
  return [...new Set(Object.values(source.services ?? {}).flatMap(({ pools }) => Object.keys(pools)))]
}

function readServices(source: SceneSource): Service[] {
  const sites = sitesOf(source)
  let endpoints = 0
  return Object.entries(source.services ?? {}).map(([name, service], index) => ({
    name,
    index,
    pools: Object.entries(service.pools).map(([siteName, texts]) => ({
      site: sites.indexOf(siteName),
      siteName,
      endpoints: texts.map((text) => readEndpoint(text, `${name}/${siteName}`, endpoints++)),
    })),
    steps: stepsOf(service),
    answers: service.answers ?? Number.POSITIVE_INFINITY,
    panic: 0.5,
    minAnswers: 1,
    missingFamily: 'next_site',
    onAllDown: service.onAllDown ?? 'serve_all',
    ttl: service.ttl ?? { max: 30, min: 15 },
    clientMap: (service.policy ?? 'nearest').startsWith('nearest') ? 0 : -1,
  }))
}

function stepsOf({ policy = 'nearest', pools }: ServiceSource): Service['steps'] {
  if (policy === 'failover') {
    return [{ kind: 'failover', tiers: Object.keys(pools).map((_, pool) => [pool]), trickle: 0 }, { kind: 'weighted' }]
  }
  if (policy === 'nearest, consistent') return [{ kind: 'nearest' }, { kind: 'consistent' }]
  return policy === 'nearest' ? [{ kind: 'nearest' }, { kind: 'weighted' }] : [{ kind: policy }]
}

function readEndpoint(text: string, path: string, index: number): Endpoint {
  const label = text.split(' ')[0]!
  const address = readAddress(label)
  const weight = Number(/ w(\d+)/.exec(text)?.[1] ?? 1)
  const kind = address === undefined ? 'name' : address.length === 4 ? 'ipv4' : 'ipv6'
  const isAlias = / alias\b/.test(text) ? { isAlias: true } : {}
  return { index, id: `${path}/${label}`, kind, target: address ?? nameOf(label), label, weight, ...isAlias }
}

function endpointsOf(service: Service): Endpoint[] {
  return service.pools.flatMap(({ endpoints }) => endpoints)
}

function readVerdicts(source: SceneSource): HealthTable {
  const cells = Object.values(source.services ?? {})
    .flatMap(({ pools }) => Object.values(pools).flat())
    .map((text) => {
      const verdict = (/ (up|down|unknown)\b/.exec(text)?.[1] ?? 'up') as keyof typeof Verdict
      return healthCell(Verdict[verdict], 0, STABILITY_MAX)
    })
  return {
    cells: Uint32Array.from(cells),
    endpoints: cells.length,
    changesAt: new Float64Array(cells.length).fill(Number.POSITIVE_INFINITY),
    held: new Uint8Array(cells.length),
    roundTrips: new Uint32Array(cells.length),
    vantages: [],
  }
}

function readClients(source: SceneSource): ClientMap {
  const sites = sitesOf(source)
  const classes: ClientClass[] = [UNPLACED]
  const trie = new BinaryTrie()
  const roots = { ipv4: 0, ipv6: 0 }
  for (const [text, nearest] of Object.entries(source.clients ?? {})) {
    const { prefix } = readPrefix(text)!
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, classNumber(classes, nearest, sites))
  }
  return { trie: buildPrefixTrie(trie, roots), classes }
}

function classNumber(classes: ClientClass[], nearest: readonly string[] | 'special', sites: readonly string[]): number {
  if (nearest === 'special') return SPECIAL_CLASS
  const wanted = nearest.map((site) => sites.indexOf(site))
  const known = classes.findIndex((known) => known.sites.join() === wanted.join())
  return known >= 0 ? known : classes.push({ rule: -1, view: 0, sites: wanted, areas: [] }) - 1
}
