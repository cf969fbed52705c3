import { createHash } from 'node:crypto'
import type { Endpoint } from '@windrose/steering'
import type { Check } from './check.ts'

/**
 * One thing to probe: an address and a check. Services that share both share the probe, and so its verdict.
 */
export interface ProbeTarget {
  /** 32 hexadecimal digits, the same on every agent and server for the same address and definition. */
  readonly id: string
  /** An address in its one canonical text, or a host name where `family` is `name`. */
  readonly address: string
  readonly family: Endpoint['kind']
  readonly check: Check
}

/**
 * Makes the target with its id: the first 16 octets of the SHA-256 of address and definition. Left out are the check's
 * name and what it may use of an agent, so that a check which is renamed, or may use more, keeps its verdicts.
 */
export function makeProbeTarget(address: string, family: Endpoint['kind'], check: Check): ProbeTarget {
  const { name: _name, maxConcurrent: _most, maxRate: _rate, ...definition } = check
  const id = createHash('sha256')
    .update(canonicalText([family, address, definition]))
    .digest('hex')
    .slice(0, 32)
  return { id, address, family, check }
}

/** JSON with the keys of every object in order, so that equal values have equal texts. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
