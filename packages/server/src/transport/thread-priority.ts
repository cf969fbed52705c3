import type { Libc } from './libc.ts'
import { PRIO_PROCESS } from './linux.ts'

/** Nice values of threads that answer, and of threads that can wait. */
const ANSWERING_NICE = -5
const WAITING_NICE = 10

/**
 * Asks that the calling thread be preferred to the other threads of the process: a reload that compiles beside it then
 * costs clients less. It takes a right (CAP_SYS_NICE); without it everything stays as it is.
 */
export function preferThread(libc: Libc): void {
  // For Linux a nice value belongs to a thread, and 0 is the calling one (setpriority(2), "C library/kernel differences").
  libc.setpriority(PRIO_PROCESS, 0, ANSWERING_NICE)
}

/** Lets the calling thread give way to the other threads of the process. Everybody may do that. */
export function yieldThread(libc: Libc): void {
  libc.setpriority(PRIO_PROCESS, 0, WAITING_NICE)
}
