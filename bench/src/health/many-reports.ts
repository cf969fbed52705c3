import { createHash } from 'node:crypto'
import { groupTargets, type HealthRules, SINGLE_AGENT } from '@windrose/health'
import type { Lease, Store, TargetReport } from '@windrose/store'

export const TARGETS = 10_000
export const AGENTS = 50
export const VANTAGES = 10
const POOL = 10

/** Probe targets, one for each endpoint. */
export const IDS: readonly string[] = Array.from({ length: TARGETS }, (_, i) =>
  createHash('sha256').update(String(i)).digest('hex').slice(0, 32),
)

const REASONS = [
  'status 200',
  'status 503',
  'connection refused',
  'no answer within 2000 ms',
  'certificate expires soon',
]

/** All that an agent says: a fiftieth is down, of each agent another. */
export function reports(agent: number): TargetReport[] {
  return IDS.map((target, i) => ({
    target,
    verdict: (i + agent) % 50 === 0 ? 2 : 1,
    since: Date.now(),
    stability: 30,
    reason: REASONS[(i + agent) % 50 === 0 ? 1 + (i % 4) : 0]!,
    latencyMs: 1 + ((i * 7 + agent) % 200),
  }))
}

/** An agent with its lease and all its reports. */
export async function fill(store: Store, agent: number): Promise<void> {
  const name = `agent-${agent}`
  const incarnation = await store.enroll(name, 0)
  const batch = { agent: name, incarnation, sequence: 1, at: Date.now(), reports: reports(agent), dropped: [] }
  await store.publishWhole(batch)
  await store.renew(leaseOf(agent, incarnation, 1))
}

export function leaseOf(agent: number, incarnation: number, sequence: number): Lease {
  return {
    agent: `agent-${agent}`,
    vantage: `vantage-${agent % VANTAGES}`,
    incarnation,
    sequence,
    beat: sequence,
    ttlMs: 600_000,
    isolated: false,
    targets: TARGETS,
    version: '0.1.0',
  }
}

/** Pools of ten endpoints; the votes alone. */
export const RULES: HealthRules = {
  ...SINGLE_AGENT,
  groups: groupTargets(
    Array.from({ length: TARGETS / POOL }, (_, pool) => ({
      name: `service-${pool}/site`,
      ttlMs: 30_000,
      endpoints: IDS.slice(pool * POOL, (pool + 1) * POOL).map((id) => [id]),
    })),
  ),
}
