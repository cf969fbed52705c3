/**
 * The few calls of libc that batched UDP needs, through koffi. Only synchronous calls, no callbacks: what koffi does
 * well in worker threads.
 */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number
  bind(fd: number, address: bigint, length: number): number
  getsockname(fd: number, address: bigint, length: bigint): number
  setsockopt(fd: number, level: number, name: number, value: bigint, length: number): number
  getsockopt(fd: number, level: number, name: number, value: bigint, length: bigint): number
  poll(descriptors: bigint, count: number, timeoutMs: number): number
  recvmmsg(fd: number, messages: bigint, count: number, flags: number, timeout: bigint): number
  sendmmsg(fd: number, messages: bigint, count: number, flags: number): number
  close(fd: number): number
  usleep(microseconds: number): number
  setpriority(which: number, who: number, priority: number): number
  prctl(option: number, argument: bigint): number
  /** The errno of this thread's last call. */
  errno(): number
  /** Where an array's octets lie; stable as long as the array lies on a SharedArrayBuffer. */
  addressOf(octets: Uint8Array): bigint
}

/** libc, or the reason why it is not to be had here: another system, no koffi for it, a sandbox. */
export async function loadLibc(): Promise<Libc | { readonly problem: string }> {
  if (process.platform !== 'linux') return { problem: `recvmmsg is used on Linux only, this is ${process.platform}` }
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    return { problem: `the layout of msghdr is known for x64 and arm64, this is ${process.arch}` }
  }
  try {
    const { default: koffi } = await import('koffi')
    const library = koffi.load(null)
    return {
      socket: library.func('int socket(int, int, int)'),
      bind: library.func('int bind(int, void *, uint32_t)'),
      getsockname: library.func('int getsockname(int, void *, void *)'),
      setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)'),
      getsockopt: library.func('int getsockopt(int, int, int, void *, void *)'),
      poll: library.func('int poll(void *, unsigned long, int)'),
      recvmmsg: library.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
      sendmmsg: library.func('int sendmmsg(int, void *, unsigned int, int)'),
      close: library.func('int close(int)'),
      usleep: library.func('int usleep(unsigned int)'),
      setpriority: library.func('int setpriority(int, uint32_t, int)'),
      prctl: library.func('int prctl(int, void *)'),
      errno: () => koffi.errno(),
      addressOf: (octets) => koffi.address(octets),
    }
  } catch (error) {
    return { problem: `koffi does not load: ${error instanceof Error ? error.message : String(error)}` }
  }
}
