import { loadLibc } from '../transport/libc.ts'
import { yieldThread } from '../transport/thread-priority.ts'

/** Lets the threads that answer go first: where a core is scarce this thread takes longer, and clients do not notice it. */
export async function stepBack(): Promise<void> {
  const libc = await loadLibc()
  if (!('problem' in libc)) yieldThread(libc)
}
