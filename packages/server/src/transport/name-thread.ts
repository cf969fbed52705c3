import type { Libc } from './libc.ts'
import { PR_SET_NAME } from './linux.ts'

/** Gives the calling thread a name that `top -H`, `ps -L` and /proc/PID/task show; the kernel keeps 15 octets of it. */
export function nameThread(libc: Libc, name: string): void {
  const octets = new Uint8Array(new SharedArrayBuffer(16))
  octets.set(new TextEncoder().encode(name).subarray(0, 15))
  libc.prctl(PR_SET_NAME, libc.addressOf(octets))
}
