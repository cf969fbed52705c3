import type { Lease } from '../lease.ts'

/** A lease as its text in a store. */
export function printLease(lease: Lease): string {
  return JSON.stringify({ format: FORMAT, ...lease })
}

export function readLease(text: string): Lease | { readonly problem: string } {
  if (text.length > LEASE_MAX) return { problem: `a lease of ${text.length} characters` }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'a lease that is not JSON' }
  }
  if (typeof value !== 'object' || value === null) return { problem: 'a lease that is no object' }
  const fields = value as Record<string, unknown>
  if (fields['format'] !== FORMAT) {
    return { problem: `a lease of format ${String(fields['format'])}, not ${FORMAT}: written by another version` }
  }
  const { agent, vantage, incarnation, sequence, beat, ttlMs, isolated, targets, version } = fields
  for (const name of [agent, vantage]) if (!isName(name)) return { problem: 'a lease without a proper name' }
  for (const count of [incarnation, sequence, beat, ttlMs, targets]) {
    if (!Number.isSafeInteger(count) || (count as number) < 0) return { problem: 'a lease with an impossible number' }
  }
  if (typeof isolated !== 'boolean') return { problem: 'a lease that does not say whether its agent is isolated' }
  return {
    agent: agent as string,
    vantage: vantage as string,
    incarnation: incarnation as number,
    sequence: sequence as number,
    beat: beat as number,
    ttlMs: ttlMs as number,
    isolated,
    targets: targets as number,
    version: typeof version === 'string' ? version.slice(0, 40) : '',
  }
}

/** Names of agents, vantages and servers, as they stand in keys. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)
}

/** What is wrong with one that is none. */
export function nameProblem(value: string): string {
  return `"${value}" is no name: letters, digits, ".", "_" and "-", the first one of the first two, 64 at most`
}

const FORMAT = 1
const LEASE_MAX = 2000
