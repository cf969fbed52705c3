/** EDNS option codes: IANA's registry "DNS EDNS0 Option Codes (OPT)". */
export const EdnsOption = {
  NSID: 3, // RFC 5001
  CLIENT_SUBNET: 8, // RFC 7871
  EXPIRE: 9, // RFC 7314
  COOKIE: 10, // RFC 7873
  TCP_KEEPALIVE: 11, // RFC 7828
  PADDING: 12, // RFC 7830
  CHAIN: 13, // RFC 7901
  KEY_TAG: 14, // RFC 8145
  EXTENDED_ERROR: 15, // RFC 8914
} as const
