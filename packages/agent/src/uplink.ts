import { connect } from 'node:net'

/**
 * Whether this agent still has its network: it connects to control targets, which are known to be well whatever happens
 * to the endpoints. Half of them gone means that it is the agent that is cut off.
 *
 * Looked at in a rhythm, and whenever somebody asks: a verdict that turns down is only worth something from an agent that
 * could connect elsewhere *after* the failure.
 */
export class Uplink {
  readonly #onChange: (isolated: boolean) => void
  #targets: readonly string[] = []
  #isolated = false
  #timer: NodeJS.Timeout | undefined
  #current: Promise<boolean> | undefined
  #next: Promise<boolean> | undefined
  #stopped = false

  constructor(onChange: (isolated: boolean) => void) {
    this.#onChange = onChange
  }

  get isolated(): boolean {
    return this.#isolated
  }

  /** `address:port` each. Without any the agent trusts its network. */
  setTargets(targets: readonly string[]): void {
    this.#targets = targets
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.confirm(), targets.length === 0 ? ROUND_MS : 0)
  }

  /** Whether the network is there, by connections that begin from now on. */
  confirm(): Promise<boolean> {
    if (this.#current === undefined) return this.#begin()
    this.#next ??= this.#current.then(() => {
      this.#next = undefined
      return this.#begin()
    })
    return this.#next
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #begin(): Promise<boolean> {
    const round = this.#round().finally(() => {
      this.#current = undefined
      clearTimeout(this.#timer)
      const waitMs = this.#isolated ? ISOLATED_ROUND_MS : ROUND_MS
      if (!this.#stopped) this.#timer = setTimeout(() => void this.confirm(), waitMs)
    })
    this.#current = round
    return round
  }

  async #round(): Promise<boolean> {
    const targets = this.#targets
    if (this.#stopped) return true
    const reached = (await Promise.all(targets.map(canConnect))).filter(Boolean).length
    const isolated = targets.length > 0 && (targets.length - reached) * 2 >= targets.length
    if (isolated !== this.#isolated && !this.#stopped) {
      this.#isolated = isolated
      this.#onChange(isolated)
    }
    return !isolated
  }
}

const ROUND_MS = 5000
/** Somebody waits for it to be back. */
const ISOLATED_ROUND_MS = 1000
const CONNECT_MS = 1000

/** A refusal is an answer too, but not from where the control target is meant to be. */
function canConnect(target: string): Promise<boolean> {
  const end = target.lastIndexOf(':')
  const host = target.slice(0, end).replace(/^\[|\]$/g, '')
  const port = Number(target.slice(end + 1))
  // Written by a server of another version, or by nobody that should.
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (reached: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reached)
    }
    const timer = setTimeout(() => settle(false), CONNECT_MS)
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
}
