import { rampPercent, STABILITY_MAX, Verdict } from '@windrose/steering'
import { type Standing, UNCHECKED } from './standing.ts'

/** What the checks of an endpoint must say for it to be up. */
export type CheckRule = CheckLeaf | CheckGroup

export interface CheckLeaf {
  readonly kind: 'check'
  /** The check's name. */
  readonly check: string
  /** Id of the probe target. */
  readonly target: string
  /** Its down takes the endpoint down whatever the rest says, and while it is unknown the endpoint is not up. */
  readonly critical: boolean
  /** It is probed and shown, and never counts. */
  readonly observe: boolean
}

export interface CheckGroup {
  readonly kind: 'group'
  /** As written: what it is called in a reason. */
  readonly word: 'all' | 'any' | 'at_least'
  /** How many of those that count must be up: for `all` every one, for `any` one. */
  readonly least: number
  readonly of: readonly CheckRule[]
}

/** A standing with what it is called. */
export interface Part {
  /** Empty where the reason needs no name. */
  readonly name: string
  readonly standing: Standing
}

/** The rule of a plain list. */
export function allOf(checks: readonly { readonly check: string; readonly target: string }[]): CheckRule {
  const of = checks.map((leaf): CheckLeaf => ({ kind: 'check', ...leaf, critical: false, observe: false }))
  return { kind: 'group', word: 'all', least: of.length, of }
}

/** Every check of a rule, those that never count included, in the order of the file. */
export function leavesOf(rule: CheckRule): readonly CheckLeaf[] {
  return rule.kind === 'check' ? [rule] : rule.of.flatMap(leavesOf)
}

/** What a rule makes of the standings of its checks. Where nothing counts, nothing can be wrong. */
export function judgeRule(rule: CheckRule, standingOf: (leaf: CheckLeaf) => Standing): Standing {
  const whole = judge(rule, standingOf)
  if (whole === undefined) return UNCHECKED
  if (isPlainAll(rule)) return whole.standing
  const criticals = leavesOf(rule).filter(({ critical, observe }) => critical && !observe)
  if (criticals.length === 0) return whole.standing
  const parts = criticals.map((leaf) => ({ name: leaf.check, standing: standingOf(leaf) }))
  return combineParts([...parts, whole], parts.length + 1)
}

/** In a list of which all must be up, to be critical adds nothing. */
function isPlainAll(rule: CheckRule): boolean {
  return rule.kind === 'check' || (rule.word === 'all' && rule.of.every(({ kind }) => kind === 'check'))
}

/** Undefined where nothing counts. */
function judge(rule: CheckRule, standingOf: (leaf: CheckLeaf) => Standing): Part | undefined {
  if (rule.kind === 'check') {
    return rule.observe ? undefined : { name: rule.check, standing: standingOf(rule) }
  }
  if (rule.of.length === 1) {
    const only = judge(rule.of[0]!, standingOf)
    return only && { name: '', standing: only.standing }
  }
  const parts = rule.of.map((each) => judge(each, standingOf)).filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  if (rule.word === 'all') return { name: '', standing: combineAll(parts) }
  return { name: '', standing: combineParts(parts, Math.min(rule.least, parts.length)) }
}

/**
 * All must be up: down is worse than unknown, unknown worse than up, and the worst wins. It holds no longer than the shortest
 * part of it, be that the healthy one, as in gdnsd: shorter than could be promised while it is down, for then all that are
 * down must turn; but an operator who adds a check with a short interval wants to be asked again that soon.
 */
export function combineAll(parts: readonly Part[]): Standing {
  const all = combineParts(parts, parts.length)
  return parts.length < 2 ? all : { ...all, stability: Math.min(...parts.map(({ standing }) => standing.stability)) }
}

/**
 * Up when `least` of the parts are up; down when so many are down that they cannot be; else unknown.
 *
 * Its stability is tight: with k parts that must turn before it may, it is the k-th shortest of those that can.
 */
function combineParts(parts: readonly Part[], least: number): Standing {
  const [first] = parts
  if (first === undefined) return UNCHECKED
  if (parts.length === 1) return first.standing
  const withVerdict = (verdict: Verdict): Part[] => parts.filter(({ standing }) => standing.verdict === verdict)
  const up = withVerdict(Verdict.up)
  const down = withVerdict(Verdict.down)
  const most = parts.length - least + 1
  const stale = parts.some(({ standing }) => standing.stale)
  if (up.length >= least) {
    const speaker = up.find(({ standing }) => standing.degraded) ?? up[0]!
    return {
      verdict: Verdict.up,
      since: kthOf(up, least, ({ since }) => since),
      reason: reasonOf(speaker),
      stability: kthShortest(standingsOf(up), up.length - least + 1),
      degraded: up.some(({ standing }) => standing.degraded),
      stale,
      suspect: up.some(({ standing }) => standing.suspect),
      ramp: [...up].sort(byRamp)[least - 1]!.standing.ramp,
    }
  }
  const isDown = down.length >= most
  const speaker = isDown ? down[0]! : (withVerdict(Verdict.unknown)[0] ?? first)
  const count = least < parts.length ? `${up.length} of ${parts.length} checks up, ${least} needed: ` : ''
  return {
    ...UNCHECKED,
    verdict: isDown ? Verdict.down : Verdict.unknown,
    since: isDown ? kthOf(down, most, ({ since }) => since) : 0,
    reason: `${count}${reasonOf(speaker)}`,
    stability: isDown
      ? kthShortest(standingsOf(down), down.length - most + 1)
      : Math.min(soonest(parts, up, least), soonest(parts, down, most), STABILITY_MAX),
    stale,
  }
}

/** Fewer than must turn cannot turn the result by themselves: then the last of them is the bound. */
function kthShortest(holders: readonly Standing[], k: number): number {
  if (k <= 0) return 0
  const stabilities = holders.map(({ stability }) => stability).sort((a, b) => a - b)
  return stabilities[Math.min(k, stabilities.length) - 1] ?? 0
}

/** When so many can be of a verdict that are not yet. */
function soonest(parts: readonly Part[], already: readonly Part[], needed: number): number {
  return kthShortest(standingsOf(parts.filter((part) => !already.includes(part))), needed - already.length)
}

function standingsOf(parts: readonly Part[]): Standing[] {
  return parts.map(({ standing }) => standing)
}

/** Up since as many came up as must be, down since as many went down. */
function kthOf(parts: readonly Part[], k: number, read: (standing: Standing) => number): number {
  return parts.map(({ standing }) => read(standing)).sort((a, b) => a - b)[k - 1]!
}

function byRamp(a: Part, b: Part): number {
  return rampPercent(b.standing.ramp) - rampPercent(a.standing.ramp)
}

function reasonOf({ name, standing }: Part): string {
  return name === '' ? standing.reason : `${name}: ${standing.reason}`
}
