import { nameKey, readMasterFile, readName } from '@windrose/dns'
import { BinaryTrie, buildPrefixTrie, type Prefix, readPrefix } from '@windrose/ip'
import { composeBodies, type Snapshot } from '@windrose/nameserver'
import { type ClientClass, type ClientMap, type Endpoint, type Service, UNPLACED } from '@windrose/steering'
import { buildZone, compileZones } from '@windrose/zone'
import fc from 'fast-check'
import { anyComposition, type Composition } from '../../packages/steering/src/compositions.arbitraries.ts'
import { anyClient } from '../../packages/steering/src/scenes.arbitraries.ts'

/** A name server with services of every policy, and what it may be asked. */
export interface World {
  readonly snapshot: Snapshot
  /** Absolute, in presentation format. */
  readonly names: readonly string[]
  /** Prefixes whose clients are placed apart: what is asked for lies in them or near. */
  readonly prefixes: readonly Prefix[]
}

/**
 * The services of a composition, each steered at a name, a wildcard and an HTTPS record of its own; endpoints that are names
 * lead to each other, to static aliases and outside, as CNAMEs or answered in their stead.
 */
export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    composition: anyComposition,
    targets: fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 8, maxLength: 8 }),
    clients: fc.array(fc.tuple(anyPrefix(), fc.nat()), { maxLength: 12 }),
    classes: fc.array(anyClient, { minLength: 1, maxLength: 5 }),
    placed: fc.array(fc.array(fc.constantFrom(0, 0, 8_000, 20_000), { minLength: 5, maxLength: 5 }), {
      minLength: 6,
      maxLength: 6,
    }),
    isPlaced: fc.boolean(),
  })
  .map(({ composition, targets, clients, classes, placed, isPlaced }) => {
    const services = withNames(composition, targets)
    const zones = compileZones([zoneOf(services.length)])
    const map = mapOf(clients, classes)
    const snapshot: Snapshot = {
      zones,
      bodies: composeBodies(zones),
      services,
      maps: [map],
      health: composition.health,
      epochs: new Int32Array(new SharedArrayBuffer(services.length * 4)),
      aliases: new Map([
        [
          nameKey(nameOf('ext.example.net.')),
          { ipv4: [Uint8Array.of(192, 0, 2, 77)], ipv6: [new Uint8Array(16).fill(7)], ttl: 17 },
        ],
      ]),
      placements: services.map((service) => (isPlaced ? placementOf(service, map, placed) : undefined)),
      settings: {
        udpPayload: 1232,
        clientSubnet: true,
        nsid: new Uint8Array(0),
        version: new Uint8Array(0),
        hostname: new Uint8Array(0),
        tcpKeepalive: 0,
      },
    }
    const names = services.flatMap((_, i) => [
      `s${i}.${APEX}`,
      `x.w${i}.${APEX}`,
      `to${i}.${APEX}`,
      `a.old${i}.${APEX}`,
    ])
    const prefixes = clients.map(([prefix]) => prefix)
    const others = [`www.${APEX}`, `none.${APEX}`, `far.${APEX}`, `loop.${APEX}`]
    return Object.assign(
      { snapshot, names: [...names, ...others], prefixes },
      // In a counterexample; its seed and path make the whole of it again.
      {
        [fc.toStringMethod]: () =>
          `services of ${services.map(({ steps }) => steps.map(({ kind }) => kind).join('+'))}`,
      },
    )
  })

const APEX = 'example.org.'

export function nameOf(text: string): Uint8Array {
  const name = readName(text)
  if ('problem' in name) throw new Error(`${text}: ${name.problem}`)
  return name
}

/** Prefixes that lie close together, some longer than what stands for a client. */
function anyPrefix(): fc.Arbitrary<Prefix> {
  const text = fc.oneof(
    fc
      .tuple(fc.constantFrom(80, 81, 17), fc.nat(1), fc.nat(255), fc.integer({ min: 1, max: 32 }))
      .map(([a, b, c, length]) => `${a}.${b}.${c}.${c}/${length}`),
    fc
      .tuple(fc.constantFrom('2a00', '2002:5000', '64:ff9b'), fc.nat(3), fc.integer({ min: 1, max: 128 }))
      .map(([head, tail, length]) => `${head}::${tail}/${length}`),
  )
  return text.map((prefix) => readPrefix(prefix)!.prefix)
}

function mapOf(clients: readonly (readonly [Prefix, number])[], classes: readonly ClientClass[]): ClientMap {
  const all = [{ ...UNPLACED, areas: [0] }, ...classes]
  const trie = new BinaryTrie()
  const roots = { ipv4: 0, ipv6: 0 }
  for (const [prefix, number] of clients) {
    const family = prefix.address.length === 4 ? 'ipv4' : 'ipv6'
    roots[family] = trie.withPrefix(roots[family], prefix, number % all.length)
  }
  return { trie: buildPrefixTrie(trie, roots), classes: all }
}

/** Services with endpoints whose names exist. A name has the same target and manner wherever its service is nested. */
function withNames(
  { services }: Pick<Composition, 'services'>,
  targets: readonly (readonly [number, boolean])[],
): readonly Service[] {
  const known = new Map<Service, Service>()
  const named = (endpoint: Endpoint): Endpoint => {
    if (endpoint.kind !== 'name') return endpoint
    const [number, isAlias] = targets[endpoint.index % targets.length]!
    const all = [
      ...services.map((_, i) => `s${i}.${APEX}`),
      `www.${APEX}`,
      `none.${APEX}`,
      'ext.example.net.',
      'lost.example.net.',
    ]
    const label = all[number % all.length]!
    return { ...endpoint, label, target: nameOf(label), ...(isAlias ? { isAlias } : {}) }
  }
  const rename = (service: Service): Service => {
    const done = known.get(service)
    if (done !== undefined) return done
    const pools = service.pools.map((pool) => ({
      ...pool,
      endpoints: pool.endpoints.map(named),
      ...(pool.nested === undefined ? {} : { nested: { ...pool.nested, service: rename(pool.nested.service) } }),
    }))
    const renamed: Service = { ...service, pools, capacity: 'spill' }
    known.set(service, renamed)
    return renamed
  }
  return services.map(rename)
}

function placementOf(
  service: Service,
  { classes }: ClientMap,
  rows: readonly (readonly number[])[],
): Snapshot['placements'][number] {
  const pools = service.pools.length
  const shares = Uint16Array.from(
    { length: classes.length * pools },
    (_, i) => rows[Math.floor(i / pools)]![i % pools]!,
  )
  // Pools beyond the first three get nothing: the parts are no more than the whole.
  for (let i = 0; i < shares.length; i++) if (i % pools > 2) shares[i] = 0
  const keyLengths = classes.map((_, i) => (i % 2 === 0 ? { ipv4: 24, ipv6: 56 } : { ipv4: 10, ipv6: 20 }))
  return { pools, shares, keyLengths, keys: classes.map((_, i) => `${i}`) }
}

function zoneOf(services: number): NonNullable<ReturnType<typeof buildZone>['zone']> {
  const place = { file: 'zone', line: 1, column: 1 }
  const numbers = [...Array(services).keys()]
  const lines = [
    '$TTL 300',
    '@ 3600 SOA ns1 hostmaster 1 7200 1800 1209600 60',
    '@ NS ns1',
    'www A 192.0.2.1',
    'www AAAA 2001:db8::1',
    'loop CNAME loop',
    'far HTTPS 1 s0 alpn=h2',
    'far HTTPS 2 www alpn=h2',
    ...numbers.flatMap((i) => [
      `s${i} HTTPS 1 . alpn=h2`,
      `*.w${i} HTTPS 1 . alpn=h2`,
      `to${i} CNAME s${i}`,
      `old${i} DNAME w${i}`,
    ]),
  ]
  const { records, problems } = readMasterFile({ file: 'zone', text: `${lines.join('\n')}\n`, origin: nameOf(APEX) })
  const steered = numbers.flatMap((service) =>
    [`s${service}`, `*.w${service}`].map((owner) => ({ owner: nameOf(`${owner}.${APEX}`), service, place })),
  )
  const built = buildZone({ apex: nameOf(APEX), records, steered, place })
  const wrong = [...problems, ...built.problems].filter(({ severity }) => severity === 'error')
  if (built.zone === undefined || wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'))
  return built.zone
}
