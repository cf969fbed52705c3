import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Load, LoadResult } from './load.ts'

/** It shall have its core, also where the benchmark itself has something to do there. Without the right it stays at 0. */
const NICE = '-10'

/** The generator, in a process of its own on a core of its own. */
export class GeneratorProcess {
  readonly #child: ChildProcess

  constructor(core: string) {
    const file = fileURLToPath(new URL('load-process.js', import.meta.url))
    this.#child = spawn('taskset', ['-c', core, 'nice', '-n', NICE, process.execPath, file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  }

  /** Runs one load to its end. One at a time. */
  run(load: Load): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the generator ended with ${code}`))
      this.#child.once('exit', ended)
      this.#child.once('message', (result: LoadResult) => {
        this.#child.off('exit', ended)
        resolve(result)
      })
      this.#child.send(load)
    })
  }

  stop(): void {
    this.#child.kill()
  }
}
