/** RR types by mnemonic: IANA's registry "Resource Record (RR) TYPEs", without the experimental and obsolete ones. */
export const Rtype = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  RT: 21,
  SIG: 24,
  KEY: 25,
  PX: 26,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  NXNAME: 128,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const

/** The mnemonic of a type, or `TYPE123` where there is none (RFC 3597 section 5). */
export function printRtype(rtype: number): string {
  return MNEMONICS.get(rtype) ?? `TYPE${rtype}`
}

/** The type that a mnemonic or `TYPE123` names, in any case; undefined when it names none. */
export function rtypeOf(text: string): number | undefined {
  const upper = text.toUpperCase()
  const known = NUMBERS.get(upper)
  if (known !== undefined) return known
  const digits = /^TYPE(0|[1-9][0-9]{0,4})$/.exec(upper)?.[1]
  return digits !== undefined && Number(digits) <= 0xffff ? Number(digits) : undefined
}

/**
 * True for types that exist only in messages and that no zone can hold: OPT and 128 to 255 (RFC 6895 section 3.1),
 * and 0, which is reserved.
 */
export function isMetaRtype(rtype: number): boolean {
  return rtype === 0 || rtype === Rtype.OPT || (rtype >= 128 && rtype <= 255)
}

/** Every mnemonic, for suggestions. */
export const RTYPE_MNEMONICS: readonly string[] = Object.keys(Rtype)

const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(Rtype))
const MNEMONICS: ReadonlyMap<number, string> = new Map(
  Object.entries(Rtype).map(([mnemonic, rtype]) => [rtype, mnemonic]),
)
