import { parentPort, workerData } from 'node:worker_threads'
import { loadLibc } from '../transport/libc.ts'
import { yieldThread } from '../transport/thread-priority.ts'
import { compileEverything } from './compile-everything.ts'
import { compileGeography } from './compile-geography.ts'
import type { CompileThreadData } from './compiled.ts'

/** The compile thread's entry: one request, one answer, the end. Its memory goes with it. */
const { request, isBehind } = workerData as CompileThreadData
if (isBehind) await stepBack()
parentPort?.postMessage('loaded')
parentPort?.postMessage(
  request.kind === 'everything' ? await compileEverything(request.file, request.listen) : compileGeography(request.geo),
)

/** Where a core is scarce, a reload takes longer and clients do not notice it. */
async function stepBack(): Promise<void> {
  const libc = await loadLibc()
  if (!('problem' in libc)) yieldThread(libc)
}
