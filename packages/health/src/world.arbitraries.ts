import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import type { AgentPresence } from './agent-presence.ts'
import { BRAKE_DEFAULTS, DAMPING_DEFAULTS, type HealthRules, SINGLE_AGENT } from './health-rules.ts'
import { type HealthState, NO_HEALTH } from './health-state.ts'
import type { Heard } from './heard.ts'
import { type News, next } from './next.ts'
import type { Report } from './report.ts'
import { applyResult, NOT_PROBED, type RiseFallState, stabilityOf } from './rise-fall.ts'
import { groupTargets } from './target-groups.ts'

/**
 * Random histories of a whole installation: agents that join, probe, die, come back, leave, lose their network, lie, run
 * twice under one name, and have clocks of their own; targets that fail, for all or for one vantage; a clock that is set.
 */

export const VANTAGES = ['a', 'b', 'c']
export const TARGETS = ['t0', 't1', 't2', 't3']
export const RULE = { rise: 2, fall: 3, intervalMs: 1000 }
const pools = groupTargets([
  { name: 'web/fra', ttlMs: 5000, endpoints: [['t0'], ['t1']] },
  { name: 'web/iad', ttlMs: 5000, endpoints: [['t2'], ['t3']] },
])

/** Everything on, with times that are short enough to come up. */
export const everything: HealthRules = {
  vantages: VANTAGES,
  quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  brake: { ...BRAKE_DEFAULTS, intervalMs: 3000 },
  damping: { ...DAMPING_DEFAULTS, halfLifeMs: 4000, maxMs: 20_000 },
  pushed: new Set(),
  holdDownMs: 2000,
  ramp: { stepMs: 3000 },
  groups: pools,
}

/** The votes alone. */
export const plain: HealthRules = {
  ...SINGLE_AGENT,
  vantages: VANTAGES,
  quorum: everything.quorum,
  groups: pools,
}

/** Rules that configurations take over from each other. */
export const variousRules: readonly HealthRules[] = [
  everything,
  plain,
  {
    ...everything,
    vantages: ['a', 'b'],
    quorum: { minAgents: 2, minVantages: 1, share: 0.5 },
    brake: { ...BRAKE_DEFAULTS, intervalMs: 1000 },
    damping: undefined,
    holdDownMs: 500,
    ramp: { stepMs: 7000 },
  },
]

/** What happens at one moment. */
export type Happening =
  | { readonly kind: 'agent'; readonly agent: number; readonly change: (typeof CHANGES)[number] }
  | { readonly kind: 'target'; readonly target: number; readonly works: boolean }
  | { readonly kind: 'cut'; readonly vantage: number; readonly target: number; readonly cut: boolean }
  | { readonly kind: 'degraded'; readonly target: number; readonly degraded: boolean }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'rules'; readonly rules: number }
  | { readonly kind: 'nothing' }

const CHANGES = ['die', 'return', 'isolate', 'lie', 'reform', 'leave'] as const
const AGENTS = 8
/** Six are there from the beginning, two to a vantage; the others may join. */
const FOUNDERS = 6

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('agent' as const),
      agent: fc.nat(AGENTS - 1),
      change: fc.constantFrom(...CHANGES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('target' as const), target: fc.nat(3), works: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      vantage: fc.nat(2),
      target: fc.nat(3),
      cut: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('degraded' as const), target: fc.nat(3), degraded: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nothing' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), byMs: fc.integer({ min: -30_000, max: 30_000 }) }),
  },
)
/** The rules are others: the first, the second or the third of those that are played by. */
const reconfiguration: fc.Arbitrary<Happening> = fc.record({ kind: fc.constant('rules' as const), rules: fc.nat(2) })
export const historyOfRules: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof({ weight: 12, arbitrary: happening }, { weight: 1, arbitrary: reconfiguration }),
  { minLength: 5, maxLength: 40 },
)
export const history: fc.Arbitrary<Happening[]> = fc.array(happening, { minLength: 5, maxLength: 40 })

export interface Agent {
  readonly name: string
  readonly vantage: number
  isKnown: boolean
  incarnation: number
  alive: boolean
  isolated: boolean
  lies: boolean
  readonly clockOff: number
  /** At which of the moments of an interval it probes. */
  phase: number
  probedAt: number
  readonly states: RiseFallState[]
}

/** The installation. Each agent probes every target once a second and reports all that it thinks. */
export class World {
  readonly agents: readonly Agent[] = Array.from({ length: AGENTS }, (_, index) => ({
    name: `agent-${index}`,
    vantage: index % 3,
    isKnown: index < FOUNDERS,
    incarnation: 1,
    alive: index < FOUNDERS,
    isolated: false,
    lies: false,
    clockOff: (index - 3) * 86_400_000,
    phase: 0,
    probedAt: 0,
    states: TARGETS.map(() => NOT_PROBED),
  }))
  readonly works: boolean[] = TARGETS.map(() => true)
  readonly degraded: boolean[] = TARGETS.map(() => false)
  readonly cut: boolean[][] = VANTAGES.map(() => TARGETS.map(() => false))
  readonly #reports = new Map<string, Report[]>(TARGETS.map((target) => [target, []]))
  readonly #news = new Set<string>()
  #sequence = 0
  /** Of the servers, against the time that passes. */
  clockMs = 0
  /** Which of the rules are in force. */
  rules = 0

  take(what: Happening): void {
    if (what.kind === 'target') this.works[what.target] = what.works
    if (what.kind === 'degraded') this.degraded[what.target] = what.degraded
    if (what.kind === 'cut') this.cut[what.vantage]![what.target] = what.cut
    if (what.kind === 'clock') this.clockMs += what.byMs
    if (what.kind === 'clock' && what.byMs < 0) this.#allIsNew()
    if (what.kind === 'rules') {
      this.rules = what.rules
      this.#allIsNew()
    }
    if (what.kind === 'agent') this.#change(this.agents[what.agent]!, what.change)
  }

  #change(agent: Agent, change: (typeof CHANGES)[number]): void {
    if (change === 'lie') agent.lies = true
    if (change === 'reform') agent.lies = false
    if (change === 'die' || change === 'leave') agent.alive = false
    if (change === 'leave') {
      agent.isKnown = false
      for (const [target, held] of this.#reports) {
        this.#reports.set(
          target,
          held.filter((report) => report.agent !== agent.name),
        )
      }
    }
    if (change === 'isolate') agent.isolated = true
    if (change === 'return') {
      agent.isolated = false
      if (!agent.alive) {
        agent.isKnown = true
        agent.alive = true
        agent.incarnation++
        agent.states.fill(NOT_PROBED)
      }
    }
    this.#allIsNew()
  }

  /** Every agent whose moment it is probes all targets. */
  probe(timeMs: number, moment = 0): void {
    for (const agent of this.agents.filter(({ alive, phase }) => alive && phase === moment)) {
      agent.probedAt = timeMs
      for (const [i, target] of TARGETS.entries()) this.#probeTarget(agent, target, i, timeMs + agent.clockOff)
    }
  }

  #probeTarget(agent: Agent, target: string, i: number, at: number): void {
    const reached = this.works[i]! && !this.cut[agent.vantage]![i]! && !agent.isolated
    const outcome = reached !== agent.lies ? 'success' : 'failure'
    const result = { outcome, reason: outcome, degraded: this.degraded[i]!, durationMs: 1 } as const
    const state = applyResult(agent.states[i]!, result, RULE, at)
    agent.states[i] = state
    const held = this.#reports.get(target)!
    const report = {
      agent: agent.name,
      vantage: VANTAGES[agent.vantage]!,
      incarnation: agent.incarnation,
      sequence: ++this.#sequence,
      target,
      verdict: state.verdict,
      since: state.since,
      stability: stabilityOf(state, RULE),
      reason: state.reason,
      degraded: state.degraded,
      at,
    }
    const last = held.find((report) => report.agent === agent.name)
    const isSame =
      last?.incarnation === report.incarnation &&
      last.verdict === report.verdict &&
      last.stability === report.stability &&
      last.degraded === report.degraded &&
      last.reason === report.reason
    // As agents do: what only repeats is not said.
    if (isSame) return
    this.#news.add(target)
    this.#reports.set(target, [...held.filter((report) => report !== last), report])
  }

  /** In an order that depends on `turn`: it must not matter. */
  heard(turn = 0): Heard {
    const presences = turned(
      this.agents.filter(({ isKnown }) => isKnown),
      turn,
    ).map(({ name, vantage, incarnation, alive, isolated }): AgentPresence => {
      return { agent: name, vantage: VANTAGES[vantage]!, incarnation, alive, isolated }
    })
    const reports = new Map(
      [...this.#reports].map(([target, held]) => [target, turn % 2 === 0 ? held : held.toReversed()]),
    )
    return {
      agents: new Map(presences.map((each) => [each.agent, each])),
      reports: (target) => reports.get(target) ?? [],
    }
  }

  /** Of which targets there is news since this was asked last. */
  news(): News {
    const news = new Set(this.#news)
    this.#news.clear()
    return news
  }

  #allIsNew(): void {
    for (const target of TARGETS) this.#news.add(target)
  }
}

/** In another order. */
export function turned<Value>(values: readonly Value[], turn: number): Value[] {
  const count = values.length
  return values.map((_, i) => values[(count - i + turn) % count]!)
}

export interface Moment {
  readonly world: World
  readonly before: HealthState
  readonly state: HealthState
  readonly rules: HealthRules
  /** By the server's clock. */
  readonly timeMs: number
  /** Milliseconds that have passed since the beginning. */
  readonly passedMs: number
  /** How many there were before. */
  readonly count: number
}

export const BEGINNING_MS = 1_790_000_000_000

/** Plays a history, one happening a second, and looks at every step. */
export function play(
  happenings: readonly Happening[],
  using: HealthRules | readonly HealthRules[],
  look: (moment: Moment) => void,
  world: World = new World(),
  moments = 1,
): HealthState {
  let state = NO_HEALTH
  for (const [count, what] of happenings.entries()) {
    const passedMs = (count * RULE.intervalMs) / moments
    world.take(what)
    world.probe(passedMs, count % moments)
    const timeMs = BEGINNING_MS + passedMs + world.clockMs
    const before = state
    const rules = 'groups' in using ? using : using[world.rules]!
    state = next(state, world.heard(), timeMs, rules)
    look({ world, before, state, rules, timeMs, passedMs, count })
  }
  return state
}

/** All of a state in one text: compared far faster than by `toEqual`, and some hundred thousand are. */
export function textOf({ targets, entangled, voted }: HealthState): string {
  return JSON.stringify([
    [...targets].map(([id, { global, vantages }]) => [id, global, ...vantages]),
    [...entangled].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...voted].sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
}

export const globalOf = (state: HealthState, target: string): Verdict =>
  state.targets.get(target)?.global.verdict ?? Verdict.unknown
