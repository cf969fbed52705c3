/** Zones and questions for the tests of this package, in presentation format. */
import { type Name, type Problem, printName, printRtype, readMasterFile, readName, rtypeOf } from '@windrose/dns'
import { type BuiltZone, buildZone } from './build-zone.ts'
import { nodeOwner, rrsetOwner, rrsetType, zoneApex } from './image.ts'
import type { ZoneImage } from './image-layout.ts'
import { createLookup, Found, type Lookup, lookup } from './lookup.ts'
import { QnameScan, scanName } from './qname-scan.ts'
import type { Zone } from './zone.ts'

export function nameOf(text: string, origin?: Name): Name {
  const name = readName(text, origin)
  if ('problem' in name) throw new Error(`${text}: ${name.problem}`)
  return name
}

/**
 * What buildZone says of a master file and steered names (relative name to service; line n of `windrose.yaml`).
 * Lines may be indented like the test.
 */
export function tryZone(apex: string, text: string, steered: readonly (readonly [string, number])[] = []): BuiltZone {
  const origin = nameOf(apex)
  const { records, problems } = readMasterFile({ file: 'zone', text: text.replace(/^ +/gm, ''), origin })
  if (problems.length > 0) throw new Error(problems.map(printProblem).join('\n'))
  return buildZone({
    apex: origin,
    records,
    steered: steered.map(([owner, service], i) => ({
      owner: nameOf(owner, origin),
      service,
      place: { file: 'windrose.yaml', line: i + 1, column: 1 },
    })),
    place: { file: 'windrose.yaml', line: 100, column: 1 },
  })
}

/** As tryZone, for a zone without errors. The SOA and NS records are added. */
export function zoneOf(apex: string, text: string, steered: readonly (readonly [string, number])[] = []): Zone {
  const { zone, problems } = tryZone(apex, `${APEX_RECORDS}${text}`, steered)
  if (zone === undefined) throw new Error(problems.map(printProblem).join('\n'))
  return zone
}

/** Two lines that every zone needs. */
export const APEX_RECORDS = '$TTL 300\n@ 3600 SOA ns.test. host.test. 1 7200 1800 1209600 60\n@ NS ns.test.\n'

export function printProblem({ severity, place, message }: Problem): string {
  return `${place.file}:${place.line}: ${severity}: ${message}`
}

export function find(image: ZoneImage, name: Name, qtype: number): Lookup {
  const scan = new QnameScan()
  const found = createLookup()
  if (!scanName(name, scan)) throw new Error('not a name')
  lookup(image, scan, qtype, found)
  return found
}

/**
 * Asks a question such as `www.example. A`; the answer as one line:
 *
 *   rrset OWNER TYPE | rrset any | cname OWNER | dname OWNER | referral OWNER | steered SERVICE | nodata | nxdomain
 *   with `by OWNER` for a wildcard, `below NAME` with the closest encloser when it is not the name itself,
 *   and `in APEX`, the zone, unless it is outside
 */
export function ask(image: ZoneImage, question: string): string {
  const [qname, qtype] = question.split(' ')
  const name = nameOf(qname!)
  const found = find(image, name, rtypeOf(qtype!)!)
  if (found.kind === Found.outside) return 'outside'
  const kind = Object.entries(Found).find(([, number]) => number === found.kind)![0]
  const words = [kind]
  if (found.kind === Found.rrset && found.rrset < 0) words.push('any')
  else if (found.rrset >= 0) words.push(printName(image.octets, rrsetOwner(image, found.rrset).start))
  if (found.kind === Found.rrset && found.rrset >= 0) words.push(printRtype(rrsetType(image, found.rrset)))
  if (found.kind === Found.steered) words.push(`${found.service}`)
  if (found.wildcard) words.push('by', printName(image.octets, nodeOwner(image, found.node).start))
  if (found.encloserLength < name.length) words.push('below', printName(name, name.length - found.encloserLength))
  return [...words, 'in', printName(image.octets, nodeOwner(image, zoneApex(image, found.zone)).start)].join(' ')
}
