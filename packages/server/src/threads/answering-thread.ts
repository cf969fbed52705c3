import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { COUNTER_CELLS, type Snapshot } from '@windrose/nameserver'
import { WORKER_CELLS, WorkerCell } from '../transport/worker-cells.ts'
import type { SpareThreads } from './spare-threads.ts'
import type { ListenOutcome, SnapshotMessage, ThreadData } from './thread-data.ts'
import { ThreadLoad } from './thread-load.ts'

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
  readonly #load = new ThreadLoad()
  readonly #file: URL
  readonly #own: object
  readonly #events: ThreadEvents
  #worker: Worker | undefined
  #port: MessagePort | undefined
  #stopping = false
  /** What the worker died of, if it said. */
  #lastWord = ''

  /** `own` is what this kind of thread is given beyond the common ThreadData. */
  constructor(parts: { name: string; file: URL; own: object; events: ThreadEvents }) {
    this.name = parts.name
    this.#file = parts.file
    this.#own = parts.own
    this.#events = parts.events
  }

  /** Lets a worker load its code, which takes a while; `start` then has less to wait for. Takes a spare one if it can. */
  load(spare?: SpareThreads): Worker {
    const worker = spare?.take(this.#file) ?? new Worker(this.#file, { name: this.name })
    this.#worker = worker
    this.#lastWord = 'it ended'
    worker.on('error', (error) => {
      this.#lastWord = error instanceof Error ? (error.stack ?? error.message) : String(error)
    })
    worker.once('exit', (code) => {
      this.#port?.close()
      // Gone is gone: whoever stops the thread later must not wait for another exit.
      if (this.#worker === worker) this.#worker = undefined
      if (!this.#stopping) this.#events.died(`${this.#lastWord} (exit code ${code})`)
    })
    return worker
  }

  /** Has the worker answer; resolves with its first message, if it is one that says something, or when it answers. */
  start(snapshot: Snapshot): Promise<ListenOutcome | undefined> {
    const worker = this.#worker ?? this.load()
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.cells[WorkerCell.ready] = 0
    const version = this.cells[WorkerCell.snapshotVersion]!
    this.cells[WorkerCell.takenVersion] = version
    const { name, cells, counters } = this
    const load = this.#load.cellsOf(snapshot, version)
    const data: ThreadData = { ...this.#own, name, snapshot, cells, counters, load, port: port2 }
    worker.postMessage(data, [port2])
    return new Promise((resolve, reject) => {
      worker.once('message', resolve)
      const wait = setInterval(() => {
        if (Atomics.load(cells, WorkerCell.ready) !== 1) return
        clearInterval(wait)
        resolve(undefined)
      }, READY_POLL_MS)
      worker.once('exit', () => {
        clearInterval(wait)
        reject(new Error(`thread ${name} did not start: ${this.#lastWord}`))
      })
    })
  }

  /** Ends a worker that is of no use; it is heard of like any that died. */
  abandon(): void {
    void this.#worker?.terminate()
  }

  publish(snapshot: Snapshot): void {
    const version = this.cells[WorkerCell.snapshotVersion]! + 1
    const message: SnapshotMessage = { version, snapshot, load: this.#load.cellsOf(snapshot, version) }
    this.#port?.postMessage(message)
    Atomics.store(this.cells, WorkerCell.snapshotVersion, version)
  }

  /** What it has answered, by pool: see ThreadLoad. */
  readLoad(): ReadonlyMap<string, number> {
    return this.#load.read(this.cells[WorkerCell.takenVersion]!)
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
