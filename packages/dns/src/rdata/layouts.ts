import { Rtype } from '../rtype.ts'
import { ipv4, ipv6 } from './address-fields.ts'
import type { Field } from './field.ts'
import { location } from './location.ts'
import { name, plainName } from './name-fields.ts'
import { algorithm, period, rtype, timestamp, u8, u16, u32 } from './number-fields.ts'
import { base64, hex } from './octet-fields.ts'
import { longString, string, strings, tag } from './string-fields.ts'
import { svcParams } from './svc-params.ts'
import { typeBitmap } from './type-bitmap.ts'

const dnskey: readonly Field[] = [u16('flags'), u8('protocol'), algorithm, base64('a public key')]
const ds: readonly Field[] = [u16('key tag'), algorithm, u8('digest type'), hex('a digest')]
const tlsa: readonly Field[] = [u8('usage'), u8('selector'), u8('matching type'), hex('certificate data')]
const svcb: readonly Field[] = [u16('priority'), plainName, svcParams]

/**
 * What the rdata of each type is made of, in order. A type that is not here is a run of octets (RFC 3597).
 */
const LAYOUTS: Readonly<Record<number, readonly Field[]>> = {
  [Rtype.A]: [ipv4], // RFC 1035 from here to TXT
  [Rtype.NS]: [name],
  [Rtype.MD]: [name],
  [Rtype.MF]: [name],
  [Rtype.CNAME]: [name],
  [Rtype.SOA]: [name, name, u32('serial'), period('refresh'), period('retry'), period('expire'), period('minimum')],
  [Rtype.MB]: [name],
  [Rtype.MG]: [name],
  [Rtype.MR]: [name],
  [Rtype.PTR]: [name],
  [Rtype.HINFO]: [string, string],
  [Rtype.MINFO]: [name, name],
  [Rtype.MX]: [u16('preference'), name],
  [Rtype.TXT]: [strings],
  [Rtype.RP]: [name, name], // RFC 1183
  [Rtype.AFSDB]: [u16('subtype'), name], // RFC 1183
  [Rtype.RT]: [u16('preference'), name], // RFC 1183
  [Rtype.AAAA]: [ipv6], // RFC 3596
  [Rtype.LOC]: [location], // RFC 1876
  [Rtype.SRV]: [u16('priority'), u16('weight'), u16('port'), name], // RFC 2782
  [Rtype.NAPTR]: [u16('order'), u16('preference'), string, string, string, name], // RFC 3403
  [Rtype.KX]: [u16('preference'), name], // RFC 2230
  [Rtype.DNAME]: [name], // RFC 6672
  [Rtype.DS]: ds, // RFC 4034
  [Rtype.SSHFP]: [u8('algorithm'), u8('fingerprint type'), hex('a fingerprint')], // RFC 4255
  [Rtype.RRSIG]: [
    rtype,
    algorithm,
    u8('labels'),
    period('original TTL'),
    timestamp('expiration'),
    timestamp('inception'),
    u16('key tag'),
    name,
    base64('a signature'),
  ], // RFC 4034
  [Rtype.NSEC]: [plainName, typeBitmap], // RFC 4034
  [Rtype.DNSKEY]: dnskey, // RFC 4034
  [Rtype.TLSA]: tlsa, // RFC 6698
  [Rtype.SMIMEA]: tlsa, // RFC 8162
  [Rtype.CDS]: ds, // RFC 7344
  [Rtype.CDNSKEY]: dnskey, // RFC 7344
  [Rtype.OPENPGPKEY]: [base64('a key')], // RFC 7929
  [Rtype.CSYNC]: [u32('serial'), u16('flags'), typeBitmap], // RFC 7477
  [Rtype.ZONEMD]: [u32('serial'), u8('scheme'), u8('hash algorithm'), hex('a digest')], // RFC 8976
  [Rtype.SVCB]: svcb, // RFC 9460
  [Rtype.HTTPS]: svcb, // RFC 9460
  [Rtype.SPF]: [strings], // RFC 7208, obsolete but still in zones
  [Rtype.URI]: [u16('priority'), u16('weight'), longString('a target')], // RFC 7553
  [Rtype.CAA]: [u8('flags'), tag, longString('a value')], // RFC 8659
}

/** The fields of a type's rdata; undefined for a type that is a run of octets to us. */
export function layoutOf(rtype: number): readonly Field[] | undefined {
  return LAYOUTS[rtype]
}
