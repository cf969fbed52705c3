import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { COUNTER_CELLS, type Snapshot } from '@windrose/nameserver'
import { WORKER_CELLS, WorkerCell } from '../transport/worker-cells.ts'
import type { ListenOutcome, SnapshotMessage, ThreadData } from './thread-data.ts'

/** What the supervisor of a thread wants to know. */
export interface ThreadEvents {
  /** The thread is gone without having been told to: `message` says what it said last. */
  readonly died: (message: string) => void
}

/**
 * One answering thread as the main thread sees it. A thread that died can be started again: what is counted goes on
 * where it was.
 */
export class AnsweringThread {
  readonly name: string
  readonly cells: Int32Array = new Int32Array(new SharedArrayBuffer(WORKER_CELLS * 4))
  readonly counters: Float64Array = new Float64Array(new SharedArrayBuffer(COUNTER_CELLS * 8))
  restarts = 0
  readonly #file: URL
  readonly #own: object
  readonly #events: ThreadEvents
  #worker: Worker | undefined
  #port: MessagePort | undefined
  #stopping = false

  /** `own` is what this kind of thread is given beyond the common ThreadData. */
  constructor(parts: { name: string; file: URL; own: object; events: ThreadEvents }) {
    this.name = parts.name
    this.#file = parts.file
    this.#own = parts.own
    this.#events = parts.events
  }

  /** Starts the worker; resolves with its first message, if it is one that says something, or when it answers. */
  start(snapshot: Snapshot): Promise<ListenOutcome | undefined> {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.cells[WorkerCell.ready] = 0
    this.cells[WorkerCell.takenVersion] = this.cells[WorkerCell.snapshotVersion]!
    const data: ThreadData = {
      ...this.#own,
      name: this.name,
      snapshot,
      cells: this.cells,
      counters: this.counters,
      port: port2,
    }
    const worker = new Worker(this.#file, { workerData: data, transferList: [port2], name: this.name })
    this.#worker = worker
    let lastWord = 'it ended'
    worker.on('error', (error) => {
      lastWord = error instanceof Error ? (error.stack ?? error.message) : String(error)
    })
    return new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('exit', (code) => {
        port1.close()
        reject(new Error(`thread ${this.name} did not start: ${lastWord}`))
        // Gone is gone: whoever stops the thread later must not wait for another exit.
        if (this.#worker === worker) this.#worker = undefined
        if (!this.#stopping) this.#events.died(`${lastWord} (exit code ${code})`)
      })
      const wait = setInterval(() => {
        if (Atomics.load(this.cells, WorkerCell.ready) !== 1) return
        clearInterval(wait)
        resolve(undefined)
      }, READY_POLL_MS)
      worker.once('exit', () => clearInterval(wait))
    })
  }

  /** Ends a worker that is of no use; it is heard of like any that died. */
  abandon(): void {
    void this.#worker?.terminate()
  }

  publish(snapshot: Snapshot): void {
    const version = this.cells[WorkerCell.snapshotVersion]! + 1
    const message: SnapshotMessage = { version, snapshot }
    this.#port?.postMessage(message)
    Atomics.store(this.cells, WorkerCell.snapshotVersion, version)
  }

  /** Lets the thread finish what it has in hand. Resolves when it is gone; after `graceMs` it is ended. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (worker === undefined) return
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    Atomics.store(this.cells, WorkerCell.stop, 1)
    this.#port?.postMessage(undefined)
    const late = setTimeout(() => void worker.terminate(), graceMs)
    await gone
    clearTimeout(late)
  }
}

const READY_POLL_MS = 5
