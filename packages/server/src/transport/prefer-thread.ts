import type { Libc } from './libc.ts'
import { PRIO_PROCESS } from './linux.ts'

/** Nice value that an answering thread asks for. */
const ANSWERING_NICE = -5

/**
 * Asks that the calling thread be preferred to the other threads of the process: a reload that compiles beside it then
 * costs clients less. It takes a right (CAP_SYS_NICE); without it everything stays as it is.
 */
export function preferThread(libc: Libc): void {
  // For Linux a nice value belongs to a thread, and 0 is the calling one (setpriority(2), "C library/kernel differences").
  libc.setpriority(PRIO_PROCESS, 0, ANSWERING_NICE)
}
