import { LOWER_CASE, type Name, Rclass, Rcode, Rtype } from '@windrose/dns'
import type { QnameScan } from '@windrose/zone'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import { asciiOctets, questionRecord, textRdata } from './text-record.ts'
import { writeEmpty, writeRecords } from './write-response.ts'

/**
 * What name servers tell of themselves in class CHAOS: `version.bind`, `version.server`, `hostname.bind` and `id.server`
 * (RFC 4892). An empty setting, another name or another type is refused.
 */
export function answerChaos(exchange: Exchange, runtime: Runtime): number {
  const text = exchange.query.qtype === Rtype.TXT ? textFor(exchange.query.qname, runtime) : NOTHING
  if (text.length === 0) return writeEmpty(exchange, runtime, Rcode.REFUSED, 0)
  const record = questionRecord({ rtype: Rtype.TXT, rclass: Rclass.CH, ttl: 0, rdata: textRdata([text]) })
  runtime.slice.all(record)
  return writeRecords(exchange, runtime, 1, 0)
}

function textFor(qname: QnameScan, runtime: Runtime): Uint8Array {
  const { settings } = runtime.snapshot
  if (VERSION_NAMES.some((name) => isScanOf(qname, name))) return settings.version
  if (HOSTNAME_NAMES.some((name) => isScanOf(qname, name))) return settings.hostname
  return NOTHING
}

function isScanOf(scan: QnameScan, folded: Name): boolean {
  return (
    scan.length === folded.length &&
    folded.every((octet, i) => LOWER_CASE[scan.view.getUint8(scan.start + i)] === octet)
  )
}

/** A name of two labels in lower case. */
function twoLabels(first: string, second: string): Name {
  return Uint8Array.of(first.length, ...asciiOctets(first), second.length, ...asciiOctets(second), 0)
}

const VERSION_NAMES: readonly Name[] = [twoLabels('version', 'bind'), twoLabels('version', 'server')]
const HOSTNAME_NAMES: readonly Name[] = [twoLabels('hostname', 'bind'), twoLabels('id', 'server')]
const NOTHING: Uint8Array = new Uint8Array(0)
