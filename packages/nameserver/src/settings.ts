/** What the server says about itself and how much it says at once; one value for the life of a snapshot. */
export interface Settings {
  /** Most octets in a UDP response, whatever the client offers (RFC 9715: 1232 avoids fragments). */
  readonly udpPayload: number
  /** Whether ECS is read; when not, it is treated as an unknown option. */
  readonly clientSubnet: boolean
  /** Octets of the NSID option (RFC 5001), at most 128; empty when the server has none to tell. */
  readonly nsid: Uint8Array
  /** Answers to CH TXT `version.bind` / `version.server`; empty refuses them. */
  readonly version: Uint8Array
  /** Answers to CH TXT `hostname.bind` / `id.server`; empty refuses them. */
  readonly hostname: Uint8Array
  /** What the TCP server tells clients in edns-tcp-keepalive (RFC 7828), in units of 100 ms; 0 leaves the option out. */
  readonly tcpKeepalive: number
}

/** 1280 (the least IPv6 MTU) - 40 (IPv6) - 8 (UDP): a response this long is never fragmented. */
export const UDP_PAYLOAD: number = 1232
