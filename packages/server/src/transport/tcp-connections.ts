import type { Socket } from 'node:net'
import type { Runtime } from '@windrose/nameserver'
import type { TcpLimits } from '../threads/thread-data.ts'
import { TcpConnection } from './tcp-connection.ts'

/**
 * The open connections of a thread, the longest quiet first. One timer looks after all of them; when there are too many,
 * the one that has been quiet the longest gives way (as gdnsd does): a newcomer has a question, the idle one may not.
 */
export class TcpConnections {
  readonly #runtime: Runtime
  readonly #limits: TcpLimits
  readonly #takeNews: () => void
  /** In the order of their last whole query: a Set remembers insertion. */
  readonly #open = new Set<TcpConnection>()
  readonly #timer: NodeJS.Timeout

  /** `takeNews` is called before queries are answered, so that what was published before they came answers them. */
  constructor(runtime: Runtime, limits: TcpLimits, takeNews: () => void) {
    this.#takeNews = takeNews
    this.#runtime = runtime
    this.#limits = limits
    this.#timer = setInterval(() => this.#closeIdle(), Math.max(50, limits.idleTimeoutMs / 10))
  }

  get size(): number {
    return this.#open.size
  }

  add(socket: Socket): void {
    const connection = new TcpConnection(socket, this.#runtime, {
      heard: this.#takeNews,
      active: (active) => this.#moveLast(active),
      closed: (closed) => this.#open.delete(closed),
    })
    this.#open.add(connection)
    if (this.#open.size > this.#limits.maxConnections) {
      const [quietest] = this.#open
      quietest?.destroy()
    }
  }

  close(): void {
    clearInterval(this.#timer)
    for (const connection of this.#open) connection.finish()
  }

  #moveLast(connection: TcpConnection): void {
    if (this.#open.delete(connection)) this.#open.add(connection)
  }

  #closeIdle(): void {
    const latest = performance.now() - this.#limits.idleTimeoutMs
    for (const connection of this.#open) {
      if (connection.activeAt > latest) return
      connection.destroy()
    }
  }
}
