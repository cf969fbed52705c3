import {
  allOf,
  BRAKE_DEFAULTS,
  DAMPING_DEFAULTS,
  fillTable,
  type HealthRules,
  type HealthState,
  NO_HEALTH,
  next,
  nextTargets,
  type Override,
  type ProbedEndpoint,
} from '@windrose/health'
import { createMemoryStore, type Store } from '@windrose/store'
import { median, quantile } from '../measure/statistics.ts'
import type { Section } from '../report/section.ts'
import { AGENTS, fill, IDS, RULES, reports, TARGETS, VANTAGES } from './many-reports.ts'

const ROUNDS = 9
const SINGLES = 500
const OUTAGE = 3000

/** What the defaults of a configuration with several vantages turn on. */
const rules: HealthRules = {
  ...RULES,
  quorum: { minAgents: 1, minVantages: VANTAGES / 2 + 1, share: 0.5 },
  brake: BRAKE_DEFAULTS,
  damping: DAMPING_DEFAULTS,
}

/** How long it takes from reports to verdicts and cells. */
export async function verdicts(say: (line: string) => void): Promise<Section> {
  const store = createMemoryStore()
  for (let agent = 0; agent < AGENTS; agent++) await fill(store, agent)
  say('all reports')
  let now = Date.now()
  let state = next(NO_HEALTH, store.book, now, rules)
  const first = rounds(() => next(NO_HEALTH, store.book, now, rules))
  const again = rounds(() => next(state, store.book, ++now, rules))

  say('one report after the other')
  const single = await singles()
  const cells = filling(state)

  say(`${OUTAGE} targets down`)
  for (let agent = 0; agent < AGENTS; agent++) await publish(store, agent, 0, OUTAGE)
  state = next(state, store.book, ++now, rules)
  const outage = await singles()
  await store.close()

  const ms = (value: number): string => `${value.toFixed(value < 10 ? 3 : 0)} ms`
  return {
    title: 'From reports to verdicts',
    text: `${TARGETS.toLocaleString('en')} endpoints with a check each, ${AGENTS} agents at ${VANTAGES} vantages, brake and damping on. A step over
everything asks every agent about every endpoint; a step after one report is what a server does when it hears of it.
In an outage ${OUTAGE.toLocaleString('en')} endpoints have just turned down everywhere. The table is filled with all views, under twenty overrides.`,
    columns: ['step', 'p50', 'p99'],
    rows: [
      ['over everything, from nothing', ms(median(first)), ''],
      ['over everything, when nothing is new', ms(median(again)), ''],
      ['after one report', ms(median(single)), ms(quantile(single, 0.99))],
      ['after one report, in an outage', ms(median(outage)), ms(quantile(outage, 0.99))],
      ['filling the whole table', ms(median(cells)), ''],
    ],
    goals: [
      { what: 'a step over everything', value: median(first), most: 200, unit: ' ms' },
      { what: 'a step after one report', value: median(single), most: 1, unit: ' ms' },
    ],
  }

  /** Each is the first that an agent says on a target after the step before. */
  async function singles(): Promise<number[]> {
    const took: number[] = []
    for (let i = 0; i < SINGLES; i++) {
      const target = TARGETS - 1 - i
      await publish(store, i % AGENTS, target, 1)
      const news = new Set([IDS[target]!])
      const start = performance.now()
      state = nextTargets(state, news, store.book, ++now, rules)
      took.push(performance.now() - start)
    }
    return took.sort((a, b) => a - b)
  }
}

function rounds(run: () => unknown): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
}

const sequences = Array.from({ length: AGENTS }, () => 1)

/** An agent says of so many targets that they are down, each time for another reason. */
async function publish(store: Store, agent: number, from: number, count: number): Promise<void> {
  const sequence = ++sequences[agent]!
  const changed = reports(agent)
    .slice(from, from + count)
    .map((report) => ({ ...report, verdict: 2 as const, reason: `status ${500 + (sequence % 90)}` }))
  const { incarnation } = store.book.agents.get(`agent-${agent}`)!
  await store.publish({
    agent: `agent-${agent}`,
    incarnation,
    sequence,
    at: Date.now(),
    reports: changed,
    dropped: [],
  })
}

const ENDPOINTS: readonly ProbedEndpoint[] = IDS.map((id, index) => ({
  index,
  id: `service-${index % 100}/site-${index % 10}/192.0.2.${index % 250}`,
  targets: [],
  rule: allOf([{ check: 'https', target: id }]),
}))

const OVERRIDES: readonly Override[] = Array.from({ length: 20 }, (_, i) => ({
  id: `override-${i}`,
  target: { kind: 'endpoint', service: `service-${i}`, site: '*', endpoint: '192.*.7' },
  action: 'drain',
  reason: 'bench',
  author: 'bench',
  createdAt: i,
}))

function filling(verdicts: HealthState): number[] {
  const vantages = Array.from({ length: VANTAGES }, (_, i) => `vantage-${i}`)
  return rounds(() => {
    const table = {
      cells: new Uint32Array(TARGETS * (1 + VANTAGES)),
      endpoints: TARGETS,
      changesAt: new Float64Array(TARGETS),
      held: new Uint8Array(TARGETS),
      roundTrips: new Uint32Array(TARGETS * (1 + VANTAGES)),
      vantages,
    }
    fillTable(table, ENDPOINTS, { verdicts, vantages, overrides: OVERRIDES, timeMs: 0 })
  })
}
