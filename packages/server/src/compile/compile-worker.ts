import { parentPort, workerData } from 'node:worker_threads'
import { compileEverything } from './compile-everything.ts'
import { compileGeography } from './compile-geography.ts'
import type { CompileRequest } from './compiled.ts'

/** The compile thread's entry: one request, one answer, the end. Its memory goes with it. */
const request = workerData as CompileRequest
parentPort?.postMessage('loaded')
parentPort?.postMessage(
  request.kind === 'everything' ? await compileEverything(request.file, request.listen) : compileGeography(request.geo),
)
