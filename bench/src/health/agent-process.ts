import { startAgent } from '@windrose/agent'
import { CHECK_DEFAULTS, type Check, HTTP_DEFAULTS, makeProbeTarget } from '@windrose/health'
import { createRedisStore, type RedisAccess } from '@windrose/store'

/** What the agent of a measurement is to do. */
export interface AgentOrder {
  readonly access: RedisAccess
  readonly kind: 'tcp' | 'http' | 'https'
  readonly port: number
  readonly targets: number
  readonly intervalMs: number
}

/** What it has done since it was last asked. */
export interface AgentFigures {
  readonly cpuSeconds: number
  readonly residentMegabytes: number
  readonly probes: number
  readonly failures: number
  readonly skipped: number
}

process.on('message', (message: AgentOrder | 'figures') => {
  if (message === 'figures') process.send?.(figures())
  else begin(message)
})

let stats: () => { readonly probes: number; readonly failures: number; readonly skipped: number }

function begin({ access, kind, port, targets, intervalMs }: AgentOrder): void {
  const common = { ...CHECK_DEFAULTS, name: kind, port, intervalMs, timeoutMs: 3000 }
  const check = {
    tcp: { ...common, type: 'tcp' },
    http: { ...common, ...HTTP_DEFAULTS, port, type: 'http', headers: {} },
    https: { ...common, ...HTTP_DEFAULTS, port, type: 'https', headers: {}, verify: false },
  }[kind] as unknown as Check
  const addresses = Array.from({ length: targets }, (_, i) => `127.${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`)
  const agent = startAgent({
    name: 'bench',
    vantage: 'here',
    store: createRedisStore({ access, name: 'bench' }),
    targets: addresses.map((address) => makeProbeTarget(address, 'ipv4', check)),
    version: '0.1.0',
    random: Math.random,
    now: Date.now,
  })
  stats = () => {
    const { results, skipped } = agent.stats()
    return {
      probes: results.success + results.failure + results.inconclusive,
      failures: results.failure + results.inconclusive,
      skipped: Object.values(skipped).reduce((sum, count) => sum + count, 0),
    }
  }
}

function figures(): AgentFigures {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6, residentMegabytes: process.memoryUsage.rss() / 2 ** 20, ...stats() }
}
