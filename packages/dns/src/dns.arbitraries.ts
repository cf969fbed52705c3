import fc from 'fast-check'
import { composeTypeBitmap, type Name, Rclass, ROOT, type Rr, Rtype, TTL_MAX, Writer } from './index.ts'
import { SvcParamKey } from './rdata/svc-param-values.ts'

/** Names of any octets, within the limits. */
export const anyName: fc.Arbitrary<Name> = nameOf(fc.uint8Array({ minLength: 1, maxLength: 63 }))

/** Short names over few letters, so that they share tails. */
export const similarName: fc.Arbitrary<Name> = nameOf(
  fc.array(fc.constantFrom(0x61, 0x62), { minLength: 1, maxLength: 2 }).map((octets) => Uint8Array.from(octets)),
)

function nameOf(label: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Name> {
  return fc.array(label, { maxLength: 6 }).map((labels) => {
    const octets: number[] = []
    for (const each of labels) if (octets.length + each.length + 2 <= 255) octets.push(each.length, ...each)
    return octets.length === 0 ? ROOT : Uint8Array.of(...octets, 0)
  })
}

const octets = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })
const string: fc.Arbitrary<Uint8Array> = octets(0, 255).map((text) => Uint8Array.of(text.length, ...text))
const tag: fc.Arbitrary<Uint8Array> = fc.stringMatching(/^[a-z0-9]{1,15}$/).map((text) => {
  return Uint8Array.of(text.length, ...Array.from(text, (letter) => letter.charCodeAt(0)))
})
const bitmap: fc.Arbitrary<Uint8Array> = fc
  .uniqueArray(fc.integer({ min: 1, max: 0xffff }), { minLength: 1 })
  .map((rtypes) => {
    const writer = new Writer(new Uint8Array(0x4000))
    composeTypeBitmap(writer, rtypes)
    return writer.octets.slice(0, writer.position)
  })
const period: fc.Arbitrary<Uint8Array> = fc.integer({ min: 0, max: TTL_MAX }).map((seconds) => {
  return Uint8Array.of(seconds >> 24, seconds >> 16, seconds >> 8, seconds)
})

const svcValue: Readonly<Record<number, fc.Arbitrary<Uint8Array>>> = {
  [SvcParamKey.ALPN]: fc
    .array(octets(1, 20), { minLength: 1, maxLength: 3 })
    .map((ids) => Uint8Array.from(ids.flatMap((id) => [id.length, ...id]))),
  [SvcParamKey.PORT]: octets(2, 2),
  [SvcParamKey.IPV4HINT]: fc.array(octets(4, 4), { minLength: 1, maxLength: 3 }).map((all) => join(all)),
  [SvcParamKey.ECH]: octets(1, 40),
  [SvcParamKey.IPV6HINT]: fc.array(octets(16, 16), { minLength: 1, maxLength: 3 }).map((all) => join(all)),
  [SvcParamKey.DOHPATH]: octets(1, 30),
  [SvcParamKey.OHTTP]: octets(0, 0),
  667: octets(0, 20),
}
const svcParams: fc.Arbitrary<Uint8Array> = fc
  .tuple(...Object.entries(svcValue).map(([key, value]) => fc.option(value.map((v) => [Number(key), v] as const))))
  .map((params) =>
    join(
      params
        .filter((param) => param !== null)
        .map(([key, value]) => Uint8Array.of(key >> 8, key, value.length >> 8, value.length, ...value)),
    ),
  )

/** Well-formed rdata by type, in uncompressed wire format. */
export function anyRdata(name: fc.Arbitrary<Name>): Readonly<Record<number, fc.Arbitrary<Uint8Array>>> {
  const rdata = (...fields: fc.Arbitrary<Uint8Array>[]): fc.Arbitrary<Uint8Array> => fc.tuple(...fields).map(join)
  return {
    [Rtype.A]: octets(4, 4),
    [Rtype.AAAA]: octets(16, 16),
    [Rtype.NS]: name,
    [Rtype.CNAME]: name,
    [Rtype.DNAME]: name,
    [Rtype.PTR]: name,
    [Rtype.SOA]: rdata(name, name, octets(4, 4), period, period, period, period),
    [Rtype.MX]: rdata(octets(2, 2), name),
    [Rtype.TXT]: fc.array(string, { minLength: 1, maxLength: 3 }).map(join),
    [Rtype.SPF]: fc.array(string, { minLength: 1, maxLength: 3 }).map(join),
    [Rtype.HINFO]: rdata(string, string),
    [Rtype.RP]: rdata(name, name),
    [Rtype.SRV]: rdata(octets(6, 6), name),
    [Rtype.NAPTR]: rdata(octets(4, 4), string, string, string, name),
    [Rtype.CAA]: rdata(octets(1, 1), tag, octets(0, 300)),
    [Rtype.URI]: rdata(octets(4, 4), octets(0, 300)),
    [Rtype.SSHFP]: octets(3, 40),
    [Rtype.TLSA]: octets(4, 40),
    [Rtype.SMIMEA]: octets(4, 40),
    [Rtype.DS]: octets(5, 40),
    [Rtype.CDS]: octets(5, 40),
    [Rtype.DNSKEY]: octets(5, 70),
    [Rtype.CDNSKEY]: octets(5, 70),
    [Rtype.RRSIG]: rdata(octets(4, 4), period, octets(10, 10), name, octets(1, 70)),
    [Rtype.NSEC]: rdata(name, bitmap),
    [Rtype.SVCB]: rdata(octets(2, 2), name, svcParams),
    [Rtype.HTTPS]: rdata(octets(2, 2), name, svcParams),
    65400: octets(0, 40),
  }
}

/** Records of every type above. */
export function anyRr(name: fc.Arbitrary<Name>): fc.Arbitrary<Rr> {
  return fc.oneof(
    ...Object.entries(anyRdata(name)).map(([rtype, rdata]) =>
      fc.record({
        owner: name,
        rtype: fc.constant(Number(rtype)),
        rclass: fc.constant(Rclass.IN),
        ttl: fc.integer({ min: 0, max: TTL_MAX }),
        rdata,
      }),
    ),
  )
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
