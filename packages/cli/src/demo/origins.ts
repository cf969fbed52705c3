import { type ChildProcess, fork } from 'node:child_process'
import type { Configuration } from '@windrose/config'
import { printAddress } from '@windrose/ip'
import { originProgram } from './demo-file.ts'

/** One origin: an address of a site that an HTTP server answers on while the site lives. */
export interface OriginPlan {
  readonly site: string
  readonly address: string
  readonly port: number
}

/** The origins that a configuration steers to and checks: each address once. */
export function planOrigins(configuration: Configuration): OriginPlan[] {
  const [check] = configuration.checks
  const port = (check !== undefined && 'port' in check ? check.port : undefined) ?? 80
  const plans = new Map<string, OriginPlan>()
  for (const { endpoint, site } of configuration.endpoints) {
    const address = printAddress(endpoint.target)
    plans.set(address, { site: configuration.sites[site]!.name, address, port })
  }
  return [...plans.values()]
}

/** The running origins of the demo. */
export class Origins {
  readonly #plans: readonly OriginPlan[]
  readonly #running = new Map<OriginPlan, ChildProcess>()

  constructor(plans: readonly OriginPlan[]) {
    this.#plans = plans
  }

  /** Starts what should run and ends what should not. Returns the sites that changed. */
  follow(down: ReadonlySet<string>): Set<string> {
    const changed = new Set<string>()
    for (const plan of this.#plans) {
      const process = this.#running.get(plan)
      if (down.has(plan.site) === (process === undefined)) continue
      changed.add(plan.site)
      if (process === undefined) this.#start(plan)
      else this.#stop(plan, process)
    }
    return changed
  }

  stop(): void {
    for (const [plan, process] of this.#running) this.#stop(plan, process)
  }

  #start(plan: OriginPlan): void {
    const child = fork(originProgram(), [plan.address, String(plan.port), plan.site], { execArgv: [] })
    child.on('exit', () => {
      if (this.#running.get(plan) === child) this.#running.delete(plan)
    })
    this.#running.set(plan, child)
  }

  #stop(plan: OriginPlan, process: ChildProcess): void {
    this.#running.delete(plan)
    process.kill('SIGKILL')
  }
}
