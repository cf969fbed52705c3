/**
 * Sockets for ICMP echo that need no privilege: Linux gives them to the groups in net.ipv4.ping_group_range, for both
 * families. Node cannot make one, but takes one over as a datagram socket.
 */

/** An open descriptor, or why there is none. */
export type IcmpSocket = { readonly fd: number } | { readonly problem: string }

/** The values of Linux. */
const AF = { 4: 2, 6: 10 } as const
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0o4000 | 0o2000000
const IPPROTO = { 4: 1, 6: 58 } as const
const EACCES = 13

/** With `source`, the octets of an address of the same family, bound to it. The caller closes the descriptor. */
export async function openIcmpSocket(family: 4 | 6, source?: Uint8Array): Promise<IcmpSocket> {
  const libc = await loadLibc()
  if ('problem' in libc) return libc
  const fd = libc.socket(AF[family], SOCK_DGRAM_NONBLOCK_CLOEXEC, IPPROTO[family])
  if (fd < 0) {
    const errno = libc.errno()
    return {
      problem:
        errno === EACCES ? 'net.ipv4.ping_group_range does not allow ICMP sockets' : `no ICMP socket (errno ${errno})`,
    }
  }
  if (source === undefined) return { fd }
  const address = socketAddress(family, source)
  if (libc.bind(fd, address, address.length) === 0) return { fd }
  libc.close(fd)
  return { problem: 'the agent has no such source address' }
}

/** struct sockaddr_in or sockaddr_in6 without port, flow and scope. The family is in the machine's order: little end first. */
function socketAddress(family: 4 | 6, octets: Uint8Array): Buffer {
  const address = Buffer.alloc(family === 4 ? 16 : 28)
  address.writeUInt16LE(AF[family])
  address.set(octets, family === 4 ? 4 : 8)
  return address
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: Buffer, length: number): number
  close(fd: number): number
  errno(): number
}

type LoadedLibc = Libc | { readonly problem: string }

let loaded: Promise<LoadedLibc> | undefined

/** Loaded with the first ICMP check: most agents have none. */
function loadLibc(): Promise<LoadedLibc> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<LoadedLibc> {
  if (process.platform !== 'linux')
    return { problem: `ICMP sockets are used on Linux only, this is ${process.platform}` }
  try {
    const { default: koffi } = await import('koffi')
    const library = koffi.load(null)
    return {
      socket: library.func('int socket(int, int, int)'),
      bind: library.func('int bind(int, const void *, uint32_t)'),
      close: library.func('int close(int)'),
      errno: () => koffi.errno(),
    }
  } catch (error) {
    return { problem: `koffi does not load: ${(error as Error).message}` }
  }
}
