/** How a TLS connection is made, and how the certificate is judged. Files are on the agent's machine. */
export interface TlsOptions {
  /** Whether the certificate must be valid for the server name and lead to a trusted authority. */
  readonly verify: boolean
  /** The name for SNI and for the certificate; left out, the check's `host` if it has one, else the target's own. */
  readonly serverName?: string
  /** A PEM file of the only authorities to trust; left out, those that come with Node. */
  readonly caFile?: string
  /** A PEM file with the certificate that the agent shows, and those between it and its authority. With `keyFile`. */
  readonly certFile?: string
  /** A PEM file with the key of that certificate. */
  readonly keyFile?: string
  /** Left out, TLS 1.2. */
  readonly minVersion?: TlsVersion
  /** Left out, TLS 1.3. */
  readonly maxVersion?: TlsVersion
  /** A certificate with fewer days to live degrades its target; left out, EXPIRY_CONCERN_DAYS. 0 turns that off. */
  readonly minDaysLeft?: number
}

/** What older versions need is off in OpenSSL's default security level, and RFC 8996 has retired them. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** Two weeks is when an automatic renewal has failed. */
export const EXPIRY_CONCERN_DAYS = 14
