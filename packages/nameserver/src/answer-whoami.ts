import { type Name, Rclass, Rcode, type Rr, Rtype } from '@windrose/dns'
import { printAddress } from '@windrose/ip'
import { type ClientClass, DEFAULT_AREA, type Service } from '@windrose/steering'
import { nodeService } from '@windrose/zone'
import { classFor } from './decide-for.ts'
import type { Exchange } from './exchange.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import type { Query } from './query.ts'
import type { Runtime } from './runtime.ts'
import type { Snapshot } from './snapshot.ts'
import { answered, negativeAnswer } from './static-answer.ts'
import { asciiOctets, textRdata } from './text-record.ts'
import { WHOAMI_SERVICE } from './whoami.ts'
import { writeAnswer } from './write-response.ts'

/**
 * Answers a name of the built-in service `whoami`: A and AAAA with the resolver's address where it is of that family,
 * TXT with everything the server sees of the client. The TTL is 0, and the scope covers the very subnet that asked:
 * nobody else should see this answer.
 */
export function answerWhoami(exchange: Exchange, runtime: Runtime): number {
  const qname = exchange.packet.slice(HEADER_LENGTH, HEADER_LENGTH + exchange.query.qname.length)
  const answers = whoamiRecords(exchange, runtime, qname)
  if (answers.length > 0) return writeAnswer(exchange, runtime, answered({ answers }))
  const { snapshot, found } = runtime
  return writeAnswer(exchange, runtime, negativeAnswer(snapshot.zones, found.zone, Rcode.NOERROR))
}

/** The records of the asked type that describe the client. */
export function whoamiRecords(exchange: Exchange, runtime: Runtime, owner: Name): Rr[] {
  const query = exchange.query
  if (query.subnetLength > 0) query.scope = Math.max(query.scope, query.subnetSource)
  const record = { owner, rclass: Rclass.IN, ttl: 0 }
  const source = sourceAddress(exchange)
  switch (query.qtype) {
    case Rtype.A:
      return source.length === 4 ? [{ ...record, rtype: Rtype.A, rdata: source }] : []
    case Rtype.AAAA:
      return source.length === 16 ? [{ ...record, rtype: Rtype.AAAA, rdata: source }] : []
    default: {
      const rdata = textRdata(describeClient(exchange, runtime).map(asciiOctets))
      return [{ ...record, rtype: Rtype.TXT, rdata }]
    }
  }
}

/** Whether the look-up ended at a whoami name that was asked for TXT: the zone holds none, the answer is made here. */
export function isWhoamiText(exchange: Exchange, runtime: Runtime): boolean {
  const { snapshot, found } = runtime
  return exchange.query.qtype === Rtype.TXT && nodeService(snapshot.zones, found.node) === WHOAMI_SERVICE
}

function describeClient(exchange: Exchange, runtime: Runtime): string[] {
  const lines = [`resolver ${printAddress(sourceAddress(exchange))}`]
  lines.push(`transport ${exchange.tcp ? 'tcp' : 'udp'}`)
  lines.push(`client-subnet ${printSubnet(exchange.query)}`)
  for (const service of firstServicePerMap(runtime.snapshot)) {
    const clientClass = classFor(exchange, runtime, service)
    const classOf = runtime.snapshot.maps[service.clientMap]!.classes[clientClass]!
    const sites = classOf.sites.map((site) => siteName(runtime.snapshot, site))
    lines.push(
      `class ${service.clientMap}/${clientClass} scope ${runtime.client.scope} sites ${sites.join(',') || '-'}${printAreas(service, classOf)}`,
    )
  }
  return lines
}

/** The areas of the service's geo steps. */
function printAreas({ steps }: Service, { areas }: ClientClass): string {
  const labels = steps.flatMap((step) =>
    step.kind === 'geo' ? [step.areas[areas[step.table] ?? DEFAULT_AREA]!.label] : [],
  )
  return labels.length === 0 ? '' : ` area ${labels.join('; ')}`
}

function sourceAddress(exchange: Exchange): Uint8Array {
  return exchange.source.slice(0, exchange.family === 4 ? 4 : 16)
}

function printSubnet({ subnetLength, subnetFamily, subnetSource, subnetAddress }: Query): string {
  if (subnetLength === 0) return 'none'
  return `${printAddress(subnetAddress.slice(0, subnetFamily === 1 ? 4 : 16))}/${subnetSource}`
}

function firstServicePerMap(snapshot: Snapshot): Snapshot['services'] {
  return snapshot.maps.flatMap((_, map) => snapshot.services.find((service) => service.clientMap === map) ?? [])
}

function siteName(snapshot: Snapshot, site: number): string {
  for (const service of snapshot.services) {
    for (const pool of service.pools) if (pool.site === site) return pool.siteName
  }
  return String(site)
}
