import { createHash } from 'node:crypto'
import { type Check, makeProbeTarget, type ProbeTarget } from '@windrose/health'
import type { CheckSet } from '../check-set.ts'
import { isObject } from '../is-object.ts'

/** A set of checks as its text in a store: each check once, targets as triples. The same set gives the same text. */
export function printCheckSet({ revision, targets, controlTargets }: CheckSet): string {
  const checks: Check[] = []
  const numbers = new Map<string, number>()
  const triples = targets.map(({ address, family, check }) => {
    const text = JSON.stringify(check)
    let number = numbers.get(text)
    if (number === undefined) {
      number = checks.push(check) - 1
      numbers.set(text, number)
    }
    return [address, family, number]
  })
  return JSON.stringify({ format: FORMAT, revision, checks, targets: triples, controlTargets })
}

/** The name of a set: the same for sets that want the same probed, whatever else the configurations say. */
export function digestOfCheckSet(set: CheckSet): string {
  return createHash('sha256')
    .update(printCheckSet({ ...set, revision: '' }))
    .digest('hex')
    .slice(0, 16)
}

/** Reads such a text. What a newer version knows of a check is kept as it is: an agent then says that it does not know it. */
export function readCheckSet(text: string): CheckSet | { readonly problem: string } {
  if (text.length > SET_MAX) return { problem: `a set of checks of ${text.length} characters` }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'a set of checks that is not JSON' }
  }
  if (!isObject(value)) return { problem: 'a set of checks that is no object' }
  if (value['format'] !== FORMAT) {
    return { problem: `a set of checks of format ${value['format']}, not ${FORMAT}: written by another version` }
  }
  const { revision, checks, targets, controlTargets } = value
  if (typeof revision !== 'string' || !Array.isArray(checks) || !Array.isArray(targets))
    return { problem: 'a set of checks without its parts' }
  if (!checks.every(isCheck)) return { problem: 'a set of checks with a check that is none' }
  const read: ProbeTarget[] = []
  for (const target of targets as unknown[]) {
    if (!Array.isArray(target)) return { problem: 'a set of checks with a target that is none' }
    const [address, family, number] = target as unknown[]
    const check = checks[number as number] as Check | undefined
    if (typeof address !== 'string' || check === undefined || !FAMILIES.includes(family as string))
      return { problem: 'a set of checks with a target that is none' }
    read.push(makeProbeTarget(address, family as ProbeTarget['family'], check))
  }
  const controls = Array.isArray(controlTargets) ? controlTargets.filter((one) => typeof one === 'string') : []
  return { revision, targets: read, controlTargets: controls }
}

const FORMAT = 1
const SET_MAX = 64 * 2 ** 20
const FAMILIES = ['ipv4', 'ipv6', 'name']

/** As much as every agent relies on. */
function isCheck(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, type, intervalMs, timeoutMs, rise, fall, jitter } = value
  return (
    typeof name === 'string' &&
    typeof type === 'string' &&
    isAmount(intervalMs) &&
    (type === 'push' || (intervalMs as number) > 0) &&
    isAmount(timeoutMs) &&
    isAmount(rise) &&
    isAmount(fall) &&
    typeof jitter === 'number' &&
    jitter >= 0 &&
    jitter <= 1
  )
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
