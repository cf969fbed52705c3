import { nameKey, printName } from '@windrose/dns'
import { type Draft, type DraftTtl, note } from '../draft.ts'
import type { RecordSet, SetsByOwner } from './record-set.ts'

/** The TTL of the records of an owner: an alias has that of its target, or 60 seconds where that is Amazon's. */
export function ttlOf(draft: Draft, sets: readonly RecordSet[], owners: SetsByOwner): DraftTtl {
  const steered = sets.filter(({ type }) => type === 'A' || type === 'AAAA' || type === 'CNAME')
  const ttls = [...new Set(steered.flatMap((set) => ttlsOf(set, owners, 0)))].sort((a, b) => a - b)
  const [least = ALIAS_TTL] = ttls
  if (ttls.length > 1) {
    const { owner, place } = steered[0]!
    const source = `${printName(owner)}: TTLs ${ttls.join(', ')}`
    note(draft, 'changed', place, { source, why: 'a service has one TTL', instead: `all answers have ${least} s` })
  }
  return { max: Math.min(Math.max(1, Math.trunc(least)), TTL_MAX) }
}

const ALIAS_TTL = 60
const TTL_MAX = 7 * 86_400
const ALIASES_MAX = 32

function ttlsOf(set: RecordSet, owners: SetsByOwner, depth: number): number[] {
  if (set.alias === undefined) return set.ttl === undefined ? [] : [set.ttl]
  if (depth > ALIASES_MAX) return []
  const targets = owners.get(nameKey(set.alias.target))?.filter(({ type }) => type === set.type) ?? []
  // Trees of aliases may meet: of each level the least is enough.
  const below = targets.flatMap((target) => ttlsOf(target, owners, depth + 1))
  return below.length === 0 ? [] : [Math.min(...below)]
}
