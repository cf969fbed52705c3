/** How UDP packets are moved: many in one system call (Linux), one by one, or the first of them that works. */
export const SERVE_TRANSPORTS = ['auto', 'mmsg', 'dgram'] as const
export type ServeTransport = (typeof SERVE_TRANSPORTS)[number]
