/** A second look-up, written from the text of the RFCs for clarity alone, and random small zones to compare it with. */
import { Rclass, Rtype } from '@windrose/dns'
import fc from 'fast-check'
import type { Zone } from './zone.ts'
import { nameOf } from './zones.arbitraries.ts'

/** Labels from the left; the root has none. */
export type Labels = readonly string[]

export interface PlainZone {
  readonly apex: Labels
  readonly rrs: readonly { readonly owner: Labels; readonly rtype: number }[]
  readonly steered: readonly { readonly owner: Labels; readonly service: number }[]
}

export interface PlainAnswer {
  readonly kind: 'outside' | 'rrset' | 'steered' | 'cname' | 'dname' | 'referral' | 'nodata' | 'nxdomain'
  readonly apex?: Labels
  /** Whose records answer. */
  readonly owner?: Labels
  readonly rtype?: number
  readonly service?: number
  /** The closest encloser, the cut or the DNAME owner. */
  readonly encloser?: Labels
}

export function referenceLookup(zones: readonly PlainZone[], qname: Labels, qtype: number): PlainAnswer {
  const above = zones.filter(({ apex }) => isAtOrBelow(qname, apex)).sort((a, b) => b.apex.length - a.apex.length)
  const [closest, next] = above
  if (closest === undefined) return { kind: 'outside' }
  // RFC 4035 section 3.1.4.1: the DS of an apex is the parent's, if the parent is here.
  if (qtype === Rtype.DS && closest.apex.length === qname.length && next !== undefined) {
    const answer = lookupInZone(zones, next, { qname, qtype })
    if (answer.encloser?.length === qname.length) return answer
  }
  return lookupInZone(zones, closest, { qname, qtype })
}

/** RFC 1034 section 4.3.2 step 3: match down, label by label. */
function lookupInZone(
  zones: readonly PlainZone[],
  zone: PlainZone,
  { qname, qtype }: { qname: Labels; qtype: number },
): PlainAnswer {
  const { apex } = zone
  const children = zones
    .map((other) => other.apex)
    .filter((other) => other.length > apex.length && isAtOrBelow(other, apex))
  const isOurs = ({ owner }: { owner: Labels }) =>
    !children.some((child) => owner.length > child.length && isAtOrBelow(owner, child))
  const rrs = zone.rrs.filter(isOurs)
  const steered = zone.steered.filter(isOurs)
  const owners = [apex, ...children, ...[...rrs, ...steered].map(({ owner }) => owner)]
  const exists = (name: Labels) => owners.some((owner) => isAtOrBelow(owner, name))
  const has = (name: Labels, rtype: number) => rrs.some((rr) => equal(rr.owner, name) && rr.rtype === rtype)

  for (let depth = apex.length; ; depth++) {
    const node = qname.slice(qname.length - depth)
    const isQname = depth === qname.length
    const isCut = depth > apex.length && node[0] !== '*' && has(node, Rtype.NS)
    if (isCut && !(isQname && qtype === Rtype.DS))
      return { kind: 'referral', apex, owner: node, rtype: Rtype.NS, encloser: node }
    if (isQname) return answerFrom(node, node)
    if (has(node, Rtype.DNAME)) return { kind: 'dname', apex, owner: node, rtype: Rtype.DNAME, encloser: node }
    if (exists(qname.slice(qname.length - depth - 1))) continue
    // RFC 4592 section 3.3: the source of synthesis is the asterisk below the closest encloser, and nothing else.
    const source = ['*', ...node]
    const isZone = children.some((child) => equal(child, source))
    return exists(source) && !isZone ? answerFrom(source, node) : { kind: 'nxdomain', apex, encloser: node }
  }

  function answerFrom(owner: Labels, encloser: Labels): PlainAnswer {
    const service = steered.find((name) => equal(name.owner, owner))?.service
    if (qtype === Rtype.ANY) {
      const alias = has(owner, Rtype.CNAME) ? { rtype: Rtype.CNAME } : {}
      return { kind: 'rrset', apex, owner, ...alias, encloser }
    }
    if (has(owner, qtype)) return { kind: 'rrset', apex, owner, rtype: qtype, encloser }
    if (has(owner, Rtype.CNAME)) return { kind: 'cname', apex, owner, rtype: Rtype.CNAME, encloser }
    if (service !== undefined && (qtype === Rtype.A || qtype === Rtype.AAAA)) {
      return { kind: 'steered', apex, owner, service, encloser }
    }
    return { kind: 'nodata', apex, owner, encloser }
  }
}

function isAtOrBelow(name: Labels, top: Labels): boolean {
  return name.length >= top.length && equal(name.slice(name.length - top.length), top)
}

function equal(a: Labels, b: Labels): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i])
}

export function printLabels(labels: Labels): string {
  return labels.map((label) => `${label}.`).join('') || '.'
}

/** The zone as a value; its records say nothing but that they are there. */
export function compileable({ apex, rrs, steered }: PlainZone): Zone {
  const place = { file: 'zone', line: 1, column: 1 }
  return {
    apex: nameOf(printLabels(apex)),
    records: rrs.map(({ owner, rtype }, i) => ({
      owner: nameOf(printLabels(owner)),
      rtype,
      rclass: Rclass.IN,
      ttl: 300,
      rdata: Uint8Array.from({ length: 22 }, () => i % 256),
      place,
    })),
    steered: steered.map(({ owner, service }) => ({ owner: nameOf(printLabels(owner)), service, place })),
  }
}

const label: fc.Arbitrary<string> = fc.constantFrom('a', 'b', '*')
const below: fc.Arbitrary<Labels> = fc.array(label, { maxLength: 3 })
const rtype: fc.Arbitrary<number> = fc.constantFrom(
  Rtype.A,
  Rtype.TXT,
  Rtype.TXT,
  Rtype.MX,
  Rtype.NS,
  Rtype.DS,
  Rtype.CNAME,
  Rtype.DNAME,
  Rtype.HINFO,
  Rtype.AAAA,
)

/** One zone, also one that buildZone would refuse. */
function plainZone(apex: Labels): fc.Arbitrary<PlainZone> {
  return fc
    .record({
      rrs: fc.array(fc.record({ owner: below, rtype }), { maxLength: 7 }),
      steered: fc.array(fc.record({ owner: below, service: fc.nat(3) }), { maxLength: 2 }),
    })
    .map(({ rrs, steered }) => ({
      apex,
      rrs: [
        { owner: apex, rtype: Rtype.SOA },
        { owner: apex, rtype: Rtype.NS },
        ...rrs.map((rr) => ({ ...rr, owner: [...rr.owner, ...apex] })),
      ],
      steered: steered.map((name) => ({ ...name, owner: [...name.owner, ...apex] })),
    }))
}

/** Up to four zones with different apexes, many of them inside each other. */
export const plainZones: fc.Arbitrary<PlainZone[]> = fc
  .uniqueArray(fc.constantFrom<Labels>([], ['x'], ['a', 'x'], ['*', 'x'], ['b', 'a', 'x'], ['a', 'b', 'x'], ['y']), {
    minLength: 1,
    maxLength: 4,
    selector: printLabels,
  })
  .chain((apexes) => fc.tuple(...apexes.map(plainZone)))

/** Questions in and around such zones. */
export const question: fc.Arbitrary<{ qname: Labels; qtype: number }> = fc.record({
  qname: fc
    .tuple(
      fc.array(fc.constantFrom('a', 'b', '*', 'c'), { maxLength: 6 }),
      fc.constantFrom<Labels>(['x'], ['x'], ['y'], []),
    )
    .map(([labels, top]) => [...labels, ...top]),
  qtype: fc.oneof(rtype, fc.constantFrom(Rtype.ANY, Rtype.SOA)),
})
