/** Random zones, services, clients and questions over a handful of labels, so that they meet. */
import fc from 'fast-check'
import { composeQuery, type QueryParts, Scene, type SceneSource, type ServiceSource } from './scene.arbitraries.ts'

const anyLabel = fc.constantFrom('a', 'a', 'b', 'b', 'c', 'B', '\\255', 'x'.repeat(63))

/** A name below the apex, relative; its first label may be an asterisk. */
const anyOwner: fc.Arbitrary<string> = fc
  .tuple(fc.array(anyLabel, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([labels, isWildcard]) => [...(isWildcard ? ['*'] : []), ...labels].join('.'))

const anyTarget: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: anyOwner.map((owner) => owner.replace('*', 'w')) },
  { weight: 1, arbitrary: fc.constantFrom('@', 'www.example.net.', 'steered', 'a.steered', 'host.example.com.') },
)

const anyAddress = fc.nat(255).map((octet) => `192.0.2.${octet}`)

/** What stands at one name: data, or what tolerates none beside it. */
const anyContent: fc.Arbitrary<(owner: string) => string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.oneof(
          anyAddress.map((address) => `A ${address}`),
          fc.nat(255).map((octet) => `AAAA 2001:db8::${octet.toString(16)}`),
          anyTarget.map((target) => `MX 5 ${target}`),
          anyTarget.map((target) => `SRV 1 2 80 ${target}`),
          fc.nat(250).map((length) => `TXT "${'t'.repeat(length)}"`),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((rdatas) => (owner: string) => rdatas.map((rdata) => `${owner} ${rdata}`).join('\n')),
  },
  { weight: 2, arbitrary: anyTarget.map((target) => (owner: string) => `${owner} CNAME ${target}`) },
  { weight: 1, arbitrary: anyTarget.map((target) => (owner: string) => `${owner} DNAME ${target}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(anyTarget, anyAddress), { minLength: 1, maxLength: 5 })
      .map((servers) => (owner: string) => {
        const cut = owner.replace('*', 'w')
        return servers
          .map(([target, address], i) => `${cut} NS ${target}\n${cut} NS ns${i}.${cut}\nns${i}.${cut} A ${address}`)
          .join('\n')
      }),
  },
)

const anyZoneText: fc.Arbitrary<string> = fc
  .uniqueArray(fc.tuple(anyOwner, anyContent), {
    selector: ([owner]) => owner.toLowerCase(),
    minLength: 3,
    maxLength: 8,
  })
  .map((names) => names.map(([owner, content]) => content(owner)).join('\n'))

const anyService: fc.Arbitrary<ServiceSource> = fc.record({
  pools: fc
    .array(
      fc.array(fc.tuple(fc.nat(254), fc.nat(4), fc.constantFrom('up', 'up', 'down', 'unknown')), {
        minLength: 1,
        maxLength: 4,
      }),
      {
        minLength: 2,
        maxLength: 3,
      },
    )
    .map((pools) => Object.fromEntries(pools.map((pool, site) => [`s${site}`, pool.map(endpointText(site))]))),
  policy: fc.constantFrom('nearest', 'nearest', 'nearest', 'failover', 'weighted', 'consistent', 'nearest, consistent'),
  answers: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
  ttl: fc.tuple(fc.nat(50), fc.nat(50)).map(([min, more]) => ({ min, max: min + more })),
  onAllDown: fc.constantFrom('serve_all', 'nodata', 'servfail'),
})

function endpointText(site: number): (words: [number, number, string], i: number) => string {
  return ([octet, weight, verdict], i) => {
    const address = i % 3 === 2 ? `2001:db8:${site}::${i}` : `10.${site}.${i}.${octet}`
    return `${address} w${weight} ${verdict}`
  }
}

/** Prefixes that lie close together, also inside those that carry IPv4. */
const anyPrefix: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom(80, 81, 10), fc.nat(3), fc.nat(255), fc.integer({ min: 1, max: 32 }))
    .map(([a, b, c, length]) => `${a}.${b}.${c}.${c}/${length}`),
  fc
    .tuple(
      fc.constantFrom('2a00', '2001', '2002', '64', '0', '3fff'),
      fc.constantFrom('0', '1', 'ff9b', '5001', 'ffff'),
      fc.nat(0xffff),
      fc.integer({ min: 1, max: 128 }),
    )
    .map(([a, b, c, length]) => `${a}:${b}:${c.toString(16)}::${c.toString(16)}/${length}`),
)

/** An address as a prefix of full length, near those prefixes. */
export const anyClient: fc.Arbitrary<string> = fc.oneof(
  anyPrefix.map((prefix) => prefix.replace(/\/.*/, prefix.includes(':') ? '/128' : '/32')),
  fc
    .tuple(fc.constantFrom('::ffff:', '64:ff9b::', '2001:0:1:2:3:4:', '::'), fc.nat(0xffff))
    .map(([head, tail]) => `${head}5001:${tail.toString(16)}/128`),
)

const anyClients: fc.Arbitrary<Record<string, readonly string[] | 'special'>> = fc
  .array(fc.tuple(anyPrefix, fc.constantFrom(['s0'], ['s1'], ['s2', 's0'], 'special' as const)), { maxLength: 8 })
  .map((rules) => Object.fromEntries(rules))

const STEER = {
  'steered.example.org.': 'web',
  '*.steered.example.org.': 'web',
  'Other.example.org.': 'other',
  'me.example.org.': 'whoami',
}

/** A server with something of everything. What the checks at load refuse is left out. */
export const anyScene: fc.Arbitrary<Scene> = fc
  .record({ org: anyZoneText, com: anyZoneText, web: anyService, other: anyService, clients: anyClients })
  .map(({ org, com, web, other, clients }) =>
    tryScene({
      zones: { 'example.org.': org, 'example.com.': com },
      steer: STEER,
      services: { web, other },
      clients,
      settings: { udpPayload: 4096, nsid: Uint8Array.of(1, 2, 3) },
    }),
  )
  .filter((scene): scene is Scene => scene !== undefined)

function tryScene(source: SceneSource): Scene | undefined {
  try {
    return new Scene(source)
  } catch {
    return undefined
  }
}

const anyQname: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      fc.constantFrom('a', 'a', 'A', 'b', 'b', 'c', 'w', '*', 'steered', 'Other', 'me', '\\255', 'ns0', 'x'.repeat(63)),
      {
        maxLength: 3,
      },
    ),
    fc.constantFrom('example.org.', 'example.org.', 'eXample.Org.', 'example.com.', 'example.com.', 'example.net.'),
  )
  .map(([labels, apex]) => {
    const longest = labels.filter((label, i) => label.length < 63 || i < 2)
    return [...longest, apex].join('.')
  })

export const anyQuestion: fc.Arbitrary<string> = fc
  .tuple(anyQname, fc.constantFrom('A', 'A', 'AAAA', 'MX', 'TXT', 'NS', 'SOA', 'SRV', 'CNAME', 'ANY', 'DS'))
  .map(([qname, qtype]) => `${qname} ${qtype}`)

export const anyQueryParts: fc.Arbitrary<QueryParts> = fc.record(
  {
    ecs: anyClient,
    from: anyClient.map((client) => client.replace(/\/.*/, '')),
    tcp: fc.boolean(),
    payload: fc.constantFrom(0, 512, 600, 1232, 4096),
    dnssecOk: fc.boolean(),
  },
  { requiredKeys: [] },
)

/** The octets of a query, with some of them overwritten, and cut or made longer. */
export const anyPacket: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc
    .record({
      question: anyQuestion,
      parts: anyQueryParts,
      changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      cut: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -30, max: 30 }) },
      ),
    })
    .map(({ question, parts, changes, cut }) => {
      const query = composeQuery(question, parts)
      const packet = new Uint8Array(Math.max(0, query.length - cut))
      packet.set(query.subarray(0, packet.length))
      for (const [at, octet] of changes) packet[at % packet.length] = octet
      return packet
    }),
)
