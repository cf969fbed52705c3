import { Worker } from 'node:worker_threads'
import type { CompileRefusal, CompileRequest, Compiler } from './compiled.ts'

/** Compiles in a thread that lives for one request: neither time nor memory of a large one is taken from answering. */
export const compileThread: Compiler = {
  everything: (file, listen) => run({ kind: 'everything', file, listen }),
  geography: (geo) => run({ kind: 'geography', geo }),
}

function run<Result>(request: CompileRequest): Promise<Result | CompileRefusal> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./compile-worker.js', import.meta.url), { workerData: request, name: 'compile' })
    const fail = (why: string): void => resolve({ refusal: `compiling failed: ${why}`, problems: [] })
    worker.once('message', (result: Result) => resolve(result))
    worker.once('error', (error) => fail(error.message))
    worker.once('exit', (code) => fail(`the thread ended with code ${code}`))
  })
}
