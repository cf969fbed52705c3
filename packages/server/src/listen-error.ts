import type { ListenAddress } from './threads/thread-data.ts'

/** An address that could not be listened on, said for people: what, where, why, what to do. */
export class ListenError extends Error {
  readonly code: string
  readonly address: ListenAddress

  constructor(transport: 'udp' | 'tcp', address: ListenAddress, code: string) {
    super(`cannot listen on ${transport} ${printListenAddress(address)}: ${explain(code, address)}`)
    this.name = 'ListenError'
    this.code = code
    this.address = address
  }
}

/** `127.0.0.1:53`, `[::1]:53`. */
export function printListenAddress({ address, family, port }: ListenAddress): string {
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

function explain(code: string, { port }: ListenAddress): string {
  switch (code) {
    case 'EADDRINUSE':
      return `another program has this port (EADDRINUSE); stop it, or choose another port with "listen". "ss -lunpt sport = :${port}" names it`
    case 'EACCES':
      return `no right to use a port below 1024 (EACCES); grant CAP_NET_BIND_SERVICE, or choose a port from 1024 up`
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address (EADDRNOTAVAIL); "ip address" lists those it has'
    case 'EAFNOSUPPORT':
      return 'the kernel has no support for this address family (EAFNOSUPPORT); leave the address out of "listen"'
    default:
      return `the system says ${code}`
  }
}

/** The name of an errno of Linux that bind and socket can fail with. */
export function errnoCode(errno: number): string {
  return ERRNO_CODES[errno] ?? `errno ${errno}`
}

const ERRNO_CODES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  13: 'EACCES',
  24: 'EMFILE',
  97: 'EAFNOSUPPORT',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
}
