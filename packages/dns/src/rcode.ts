/** Response codes: IANA's registry "DNS RCODEs". Those above 15 need the extended RCODE of EDNS (RFC 6891 section 6.1.3). */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const

/** The mnemonic of a response code, or `RCODE12` where there is none. */
export function printRcode(rcode: number): string {
  for (const [mnemonic, value] of Object.entries(Rcode)) if (value === rcode) return mnemonic
  return `RCODE${rcode}`
}
