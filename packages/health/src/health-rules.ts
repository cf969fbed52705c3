import { groupTargets, type TargetGroups } from './target-groups.ts'

/** How reports become verdicts. A complete value: whoever reads the configuration fills the defaults in. */
export interface HealthRules {
  /**
   * The vantages that have a vote; others are not heard. A fixed list, so that a vantage that falls silent does not make
   * the others weigh more without anybody's consent. Empty: every vantage that an agent speaks for.
   */
  readonly vantages: readonly string[]
  readonly quorum: Quorum
  /** Undefined: however many turn down at once, it is believed. */
  readonly brake: BrakeRule | undefined
  /** Undefined: flapping is not punished. */
  readonly damping: DampingRule | undefined
  /** How long after a failure a target stays down at least, in milliseconds. */
  readonly holdDownMs: number
  /** Undefined: who comes back has its whole weight at once. */
  readonly ramp: RampRule | undefined
  /**
   * Targets that push: what they say of themselves is no vote of a vantage. They are up while any server has a push of
   * theirs that says so.
   */
  readonly pushed: ReadonlySet<string>
  /** What stands together in a pool: the brake, and damping's exception for the last of a pool, ask for it. */
  readonly groups: TargetGroups
}

export interface Quorum {
  /** Agents of a vantage that must speak for it to have a verdict. */
  readonly minAgents: number
  /** Vantages that must have a verdict for the global one to move. */
  readonly minVantages: number
  /** 0 to 1: down needs more than this share of the vantages that know. */
  readonly share: number
}

/** See `brake.ts`. */
export interface BrakeRule {
  /** 0 to 1: the most of a pool's endpoints that may turn down within one interval without a second opinion. */
  readonly poolShare: number
  /** 0 to 1: the most of a vantage's targets that may. */
  readonly vantageShare: number
  readonly intervalMs: number
}

/** Flap damping in the form of RFC 2439; see `damping.ts`. */
export interface DampingRule {
  /** What one turn from up to down adds. */
  readonly penalty: number
  readonly halfLifeMs: number
  /** From this penalty on a target that comes up is kept down, */
  readonly suppress: number
  /** until the penalty has decayed to less than this, */
  readonly reuse: number
  /** but not longer than this after its latest failure. */
  readonly maxMs: number
}

export interface RampRule {
  /** The least time between two steps; the TTL of the services that use the target makes it longer. */
  readonly stepMs: number
}

/** What servers speak for that take pushes in: no vantage. */
export const PUSH_VANTAGE = 'push'

/** The numbers of the survey of global load balancers: a proposal there, tried by simulation here. */
export const DAMPING_DEFAULTS: DampingRule = {
  penalty: 1000,
  halfLifeMs: 120_000,
  suppress: 2500,
  reuse: 1000,
  maxMs: 900_000,
}

/** Half of a pool, or three tenths of all that a vantage sees. */
export const BRAKE_DEFAULTS: BrakeRule = { poolShare: 0.5, vantageShare: 0.3, intervalMs: 10_000 }

export const RAMP_DEFAULTS: RampRule = { stepMs: 30_000 }

/** One agent at one vantage: its report is the verdict, and nothing is added to it. */
export const SINGLE_AGENT: HealthRules = {
  vantages: [],
  quorum: { minAgents: 1, minVantages: 1, share: 0.5 },
  brake: undefined,
  damping: undefined,
  holdDownMs: 0,
  ramp: undefined,
  pushed: new Set(),
  groups: groupTargets([]),
}
