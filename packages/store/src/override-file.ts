import type { Override, OverrideTarget } from '@windrose/health'
import { isObject } from './is-object.ts'

/** The text of an overrides file: `{ "format": 1, "overrides": [...] }`. */
export function printOverrides(overrides: readonly Override[]): string {
  return `${JSON.stringify({ format: FORMAT, overrides }, undefined, 2)}\n`
}

/** Reads such a text. One bad entry refuses the whole file: half of what operators forced is not what they forced. */
export function readOverrides(text: string): { overrides: readonly Override[] } | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `not JSON: ${(error as Error).message}` }
  }
  if (!isObject(value)) return { problem: 'not a JSON object' }
  if (value['format'] !== FORMAT) return { problem: `format ${JSON.stringify(value['format'])}, not ${FORMAT}` }
  const entries = value['overrides']
  if (!Array.isArray(entries)) return { problem: '"overrides" is not a list' }
  const overrides: Override[] = []
  const ids = new Set<string>()
  for (const [index, entry] of entries.entries()) {
    const problem = findProblem(entry)
    if (problem !== undefined) return { problem: `override ${index + 1}: ${problem}` }
    const override = entry as Override
    if (ids.has(override.id)) return { problem: `override ${index + 1}: the id "${override.id}" is there twice` }
    ids.add(override.id)
    overrides.push(override)
  }
  return { overrides }
}

/** One override as JSON. */
export function readOverride(text: string): Override | { readonly problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'an override that is not JSON' }
  }
  const problem = findProblem(value)
  return problem === undefined ? (value as Override) : { problem }
}

export function oldestFirst(a: Override, b: Override): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
}

const FORMAT = 1

function findProblem(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'not an object'
  for (const key of ['id', 'reason', 'author']) if (typeof entry[key] !== 'string') return `"${key}" is not a text`
  if (!['drain', 'down', 'up'].includes(entry['action'] as string)) return '"action" is none of drain, down, up'
  if (!isTime(entry['createdAt'])) return '"createdAt" is not a time in milliseconds'
  if (entry['expiresAt'] !== undefined && !isTime(entry['expiresAt']))
    return '"expiresAt" is not a time in milliseconds'
  return isOverrideTarget(entry['target'])
    ? undefined
    : '"target" is none of site, service, pool, endpoint with their names'
}

function isOverrideTarget(value: unknown): value is OverrideTarget {
  if (!isObject(value) || typeof value['kind'] !== 'string') return false
  const names = TARGET_NAMES.get(value['kind'])
  return names?.every((name) => typeof value[name] === 'string') ?? false
}

const TARGET_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['site', ['site']],
  ['service', ['service']],
  ['pool', ['service', 'site']],
  ['endpoint', ['service', 'site', 'endpoint']],
])

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
