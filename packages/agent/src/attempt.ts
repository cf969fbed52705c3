import type { Socket } from 'node:net'
import type { LoadFigure, ProbeResult } from '@windrose/health'

/**
 * One probe from its start to its one result.
 *
 * The first word counts: an answer after the deadline changes nothing, nor does an error after the answer. With the
 * result everything that the probe opened is destroyed.
 */
export class Attempt {
  readonly result: Promise<ProbeResult>
  /** What the probe is waiting for, said when the deadline passes: `no answer`. */
  waitingFor = 'no connection'
  /** Whether what it waits for is the agent's own work: then the deadline says nothing about the target. */
  waitsForAgent = false
  #settle: (result: ProbeResult) => void = () => undefined
  #over = false
  readonly #startedAt = performance.now()
  readonly #deadline: NodeJS.Timeout
  readonly #onEnd: (() => void)[] = []

  constructor(timeoutMs: number, signal: AbortSignal) {
    this.result = new Promise((resolve) => {
      this.#settle = resolve
    })
    // The sockets of the probe hold the process; the deadline need not.
    this.#deadline = setTimeout(() => {
      const reason = `${this.waitingFor} within ${timeoutMs} ms`
      if (this.waitsForAgent) this.giveUp(reason)
      else this.fail(reason)
    }, timeoutMs).unref()
    const abort = () => this.giveUp('the agent stops')
    signal.addEventListener('abort', abort, { once: true })
    this.onEnd(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  }

  get isOver(): boolean {
    return this.#over
  }

  succeed(reason: string, degraded = false, load?: LoadFigure): void {
    this.#end('success', reason, degraded, load)
  }

  fail(reason: string): void {
    this.#end('failure', reason, false)
  }

  /** The agent's own trouble, which says nothing about the target. */
  giveUp(reason: string): void {
    this.#end('inconclusive', reason, false)
  }

  /** Destroys the socket with the probe, and keeps its late errors from becoming the process's. */
  hold(socket: Socket): void {
    socket.on('error', () => undefined)
    this.onEnd(() => socket.destroy())
  }

  /** Runs when the probe ends; at once if it has ended. */
  onEnd(release: () => void): void {
    if (this.#over) release()
    else this.#onEnd.push(release)
  }

  #end(outcome: ProbeResult['outcome'], reason: string, degraded: boolean, load?: LoadFigure): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#deadline)
    for (const release of this.#onEnd) release()
    const durationMs = performance.now() - this.#startedAt
    this.#settle({ outcome, reason, degraded, durationMs, ...(load === undefined ? {} : { load }) })
  }
}
