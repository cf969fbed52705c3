import { parentPort, workerData } from 'node:worker_threads'
import { compileEverything } from './compile-everything.ts'
import { compileGeography } from './compile-geography.ts'
import type { CompileThreadData } from './compiled.ts'
import { stepBack } from './step-back.ts'

/** The compile thread's entry: one request, one answer, the end. Its memory goes with it. */
const { request, isBehind } = workerData as CompileThreadData
if (isBehind) await stepBack()
parentPort?.postMessage('loaded')
parentPort?.postMessage(
  request.kind === 'everything' ? await compileEverything(request.file, request.listen) : compileGeography(request.geo),
)
