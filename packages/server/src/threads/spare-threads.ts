import { Worker } from 'node:worker_threads'
import { threadFile } from './thread-file.ts'

/**
 * Workers that load their code before anybody knows what they will be given: while the configuration is compiled, which
 * leaves a core free. One for each kind that will be wanted; what is not is ended.
 */
export class SpareThreads {
  readonly #workers = new Map<string, Worker>()

  constructor(kinds: readonly ('mmsg' | 'dgram' | 'tcp')[]) {
    for (const kind of kinds) {
      const worker = new Worker(threadFile(kind), { name: kind })
      // Whoever takes it hears of its death; until then it is simply not there.
      worker.once('error', () => undefined)
      worker.once('exit', () => this.#workers.delete(threadFile(kind).href))
      worker.unref()
      this.#workers.set(threadFile(kind).href, worker)
    }
  }

  /** A worker that runs this file, if there is one. */
  take(file: URL): Worker | undefined {
    const worker = this.#workers.get(file.href)
    this.#workers.delete(file.href)
    worker?.removeAllListeners()
    worker?.ref()
    return worker
  }

  /** Ends those that nobody has taken. */
  end(): void {
    for (const worker of this.#workers.values()) void worker.terminate()
    this.#workers.clear()
  }
}
