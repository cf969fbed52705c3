import { printName } from '@windrose/dns'
import fc from 'fast-check'
import { compileZones } from './compile-zones.ts'
import { nodeOwner, nodeZone, rrsetNode, rrsetOwner, rrsetType } from './image.ts'
import type { ZoneImage } from './image-layout.ts'
import { Found, type Lookup } from './lookup.ts'
import {
  compileable,
  type PlainAnswer,
  type PlainZone,
  plainZones,
  printLabels,
  question,
  referenceLookup,
} from './reference-lookup.arbitraries.ts'
import { find, nameOf } from './zones.arbitraries.ts'

test('lookup agrees with the text of RFC 1034, 4592, 6672 and 4035 on any zones and names', () => {
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(plainZones, fc.array(question, { minLength: 8, maxLength: 8 }), (zones, questions) => {
      const image = compileZones(zones.map(compileable))
      for (const { qname, qtype } of questions) {
        const name = nameOf(printLabels(qname))
        const expected = referenceLookup(zones, qname, qtype)
        kinds.set(expected.kind, (kinds.get(expected.kind) ?? 0) + 1)
        expect(readable(image, find(image, name, qtype), name)).toEqual(readablePlain(zones, expected))
      }
    }),
    { numRuns: 3000 },
  )
  // The zones are rich enough: every kind of answer is among the expected ones.
  expect([...kinds.keys()].sort()).toEqual(Object.keys(Found).sort())
})

test('the order of zones and records changes no answer', () => {
  fc.assert(
    fc.property(plainZones, question, (zones, { qname, qtype }) => {
      const turned = zones.map((zone) => ({ ...zone, rrs: zone.rrs.toReversed() })).reverse()
      const name = nameOf(printLabels(qname))
      const image = compileZones(zones.map(compileable))
      const turnedImage = compileZones(turned.map(compileable))
      const found = readable(image, find(image, name, qtype), name)
      const foundTurned = readable(turnedImage, find(turnedImage, name, qtype), name)
      const zone = found.zone < 0 ? -1 : zones.length - 1 - found.zone
      expect(foundTurned).toEqual({ ...found, zone })
    }),
    { numRuns: 500 },
  )
})

interface Readable {
  readonly kind: string
  readonly zone: number
  readonly owner: string | undefined
  readonly rtype: number | undefined
  readonly service: number
  readonly encloser: string | undefined
  readonly isWildcard: boolean
}

function readable(image: ZoneImage, found: Lookup, name: Uint8Array): Readable {
  const { kind, zone, node, rrset, service, encloserLength } = found
  const isNothing = kind === Found.outside
  if (rrset >= 0) {
    expect(rrsetNode(image, rrset)).toBe(node)
    expect(rrsetOwner(image, rrset)).toEqual(nodeOwner(image, node))
  }
  if (node >= 0) expect(nodeZone(image, node)).toBe(zone)
  return {
    kind: Object.keys(Found)[kind]!,
    zone,
    owner: node < 0 ? undefined : printName(image.octets, nodeOwner(image, node).start),
    rtype: rrset < 0 ? undefined : rrsetType(image, rrset),
    service,
    encloser: isNothing ? undefined : printName(name, name.length - encloserLength),
    isWildcard: found.wildcard,
  }
}

function readablePlain(zones: readonly PlainZone[], answer: PlainAnswer): Readable {
  const { kind, apex, owner, rtype, service, encloser } = answer
  return {
    kind,
    zone: apex === undefined ? -1 : zones.findIndex((zone) => printLabels(zone.apex) === printLabels(apex)),
    owner: owner && printLabels(owner),
    rtype,
    service: service ?? -1,
    encloser: encloser && printLabels(encloser),
    isWildcard: owner !== undefined && encloser !== undefined && owner.length > encloser.length,
  }
}
