import { isAbsolute } from 'node:path'
import type { SimulationRequest, StateChange } from '../control/simulate-types.ts'

/** What is to be tried, with all that may be left out filled in. */
export type WhatIf = Required<Pick<SimulationRequest, 'type' | 'kill' | 'drain' | 'set'>> &
  Pick<SimulationRequest, 'service' | 'name' | 'config' | 'queries'>

/** Reads the body of a request. What is wrong with it is a sentence; names are looked up later. */
export function readWhatIf(body: unknown): { readonly whatIf: WhatIf } | { readonly problem: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { problem: 'expected an object' }
  const fields = body as Readonly<Record<string, unknown>>
  const unknown = Object.keys(fields).find((key) => !FIELDS.has(key))
  if (unknown !== undefined) return { problem: `unknown field "${unknown}"; known are ${[...FIELDS].join(', ')}` }
  const { type = 'A', kill = [], drain = [], set = [], service, name, config, queries } = fields
  if (type !== 'A' && type !== 'AAAA') return { problem: 'type must be "A" or "AAAA"' }
  if (!isTexts(kill)) return { problem: 'kill must be a list of sites' }
  if (!isTexts(drain)) return { problem: 'drain must be a list of sites' }
  if (!Array.isArray(set) || !set.every(isStateChange)) {
    return { problem: 'set must be a list of { target, state }, where state is "up", "down" or "drained"' }
  }
  const texts = { service, name, config, queries }
  const wrong = Object.entries(texts).find(([, value]) => value !== undefined && typeof value !== 'string')
  if (wrong !== undefined) return { problem: `${wrong[0]} must be a text` }
  if (service !== undefined && name !== undefined) return { problem: 'give either "service" or "name", not both' }
  if (typeof config === 'string' && !isAbsolute(config)) {
    return { problem: 'config must be an absolute path: the server reads it, and is at home elsewhere' }
  }
  const given = Object.entries(texts).filter(([, value]) => value !== undefined)
  return { whatIf: { type, kill, drain, set, ...Object.fromEntries(given) } }
}

const FIELDS: ReadonlySet<string> = new Set(['type', 'service', 'name', 'kill', 'drain', 'set', 'config', 'queries'])

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function isStateChange(value: unknown): value is StateChange {
  const { target, state } = (value ?? {}) as Readonly<Record<string, unknown>>
  return typeof target === 'string' && STATES.has(state)
}

const STATES: ReadonlySet<unknown> = new Set(['up', 'down', 'drained'] satisfies StateChange['state'][])
