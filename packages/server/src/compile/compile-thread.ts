import { Worker } from 'node:worker_threads'
import type { Compiled, CompileRefusal, CompileRequest, Compiler, CompileThreadData, Geography } from './compiled.ts'

/** Compiles in a thread that lives for one request: neither time nor memory of a large one is taken from answering. */
export const compileThread: Compiler = {
  everything: (file, listen) => run<Compiled>({ kind: 'everything', file, listen }, BEHIND).result,
  geography: (geo) => run<Geography>({ kind: 'geography', geo }, BEHIND).result,
}

/** Begins with everything at once; `loaded` is when the thread has its code and needs the processor for the work alone. */
export function beginEverything(file: string, listen: readonly string[] | undefined): Begun<Compiled> {
  return run({ kind: 'everything', file, listen }, AT_ONCE)
}

export interface Begun<Result> {
  readonly loaded: Promise<void>
  readonly result: Promise<Result | CompileRefusal>
}

const YOUNG_MEGABYTES = 128

/** Whether the thread steps back behind those that answer; at the start nobody answers yet. */
const BEHIND = true
const AT_ONCE = false

function run<Result>(request: CompileRequest, isBehind: boolean): Begun<Result> {
  const worker = new Worker(new URL('./compile-worker.js', import.meta.url), {
    workerData: { request, isBehind } satisfies CompileThreadData,
    name: 'compile',
    // Much is made and soon forgotten: with room for it, little of it is ever copied.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  })
  const result = new Promise<Result | CompileRefusal>((resolve) => {
    const fail = (why: string): void => resolve({ refusal: `compiling failed: ${why}`, problems: [] })
    worker.on('message', (message: Result | 'loaded') => {
      if (message !== 'loaded') resolve(message)
    })
    worker.once('error', (error) => fail(error.message))
    worker.once('exit', (code) => fail(`the thread ended with code ${code}`))
  })
  const loaded = new Promise<void>((resolve) => {
    worker.once('message', () => resolve())
    worker.once('exit', () => resolve())
  })
  return { loaded, result }
}
