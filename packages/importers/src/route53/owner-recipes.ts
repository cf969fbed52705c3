import { equalNames, type Name, nameKey, printName } from '@windrose/dns'
import { type DraftEndpoint, type DraftRule, note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import type { PoolRecipe, Recipe } from '../recipe.ts'
import type { HostedZone } from './hosted-zone.ts'
import type { RecordSet } from './record-set.ts'
import { type RoutedPool, routePools } from './route-pools.ts'

export interface OwnerRecipes {
  /** Whether a service answers for the name: one of its records is routed, or an alias leads to one that is, or stands where no CNAME can. */
  readonly isSteered: (owner: Name) => boolean
  readonly of: (owner: Name) => Recipe | undefined
}

const ANSWERED_AS_ALIAS =
  'the answer holds its addresses as this server resolves them: where the client is does not count; set "server.resolvers"'

/** Recipes for names, each made once. A tree of aliases becomes services in services. */
export function createOwnerRecipes(zone: HostedZone): OwnerRecipes {
  const { draft, owners } = zone
  const known = new Map<string, Recipe | undefined>()
  const open = new Set<string>()
  const steered = new Map<string, boolean>()

  function isSteered(owner: Name): boolean {
    const key = nameKey(owner)
    const before = steered.get(key)
    if (before !== undefined) return before
    // While it is looked for a name leads nowhere: aliases in a circle are no services.
    steered.set(key, false)
    const found = setsOf(owner).some(({ routing, alias }) => {
      if (routing.kind !== 'simple') return true
      if (alias === undefined) return false
      return owners.has(nameKey(alias.target)) ? isSteered(alias.target) : !canBeCname(owner)
    })
    steered.set(key, found)
    return found
  }

  function setsOf(owner: Name): readonly RecordSet[] {
    return (owners.get(nameKey(owner)) ?? []).filter(({ type }) => type === 'A' || type === 'AAAA' || type === 'CNAME')
  }

  function of(owner: Name): Recipe | undefined {
    const key = nameKey(owner)
    if (known.has(key)) return known.get(key)
    const sets = setsOf(owner)
    if (open.has(key) || sets.length === 0) return undefined
    open.add(key)
    const recipe = soleTarget(sets) ?? make(owner, sets)
    open.delete(key)
    known.set(key, recipe)
    return recipe
  }

  /** The recipe of another name, where all sets are plain aliases of it. */
  function soleTarget(sets: readonly RecordSet[]): Recipe | undefined {
    const target = sets[0]?.alias?.target
    const isSole = sets.every(
      ({ routing, alias }) =>
        routing.kind === 'simple' && alias !== undefined && target !== undefined && equalNames(alias.target, target),
    )
    return isSole && target !== undefined && owners.has(nameKey(target)) ? of(target) : undefined
  }

  function make(owner: Name, sets: readonly RecordSet[]): Recipe | undefined {
    const pools = sets.flatMap((set): RoutedPool[] => {
      const pool = poolOf(owner, set)
      return pool === undefined ? [] : [{ set, pool }]
    })
    return routePools(zone, { owner, pools })
  }

  /** What a record set answers with: its values, another name of the zone, or a name outside. */
  function poolOf(owner: Name, set: RecordSet): PoolRecipe | undefined {
    const { alias, place } = set
    if (alias === undefined) {
      const endpoints = endpointsOf(set)
      return endpoints.length === 0 ? undefined : { kind: 'endpoints', endpoints: withRules(set, endpoints) }
    }
    const source = `${printName(owner)} ${set.type}, alias of ${printName(alias.target)}`
    if (owners.has(nameKey(alias.target))) {
      if (set.healthCheck !== undefined) {
        const why = 'a pool that is another service is as good as that service'
        const instead = 'give the checks to its endpoints'
        note(draft, 'left out', set.healthCheck.place, { source: `${source}: health check`, why, instead })
      } else if (!alias.evaluates && set.routing.kind !== 'simple') {
        const why = 'it counts as healthy whatever its target is; in windrose a service that is down is passed over'
        note(draft, 'changed', alias.place, {
          source: `${source}: EvaluateTargetHealth false`,
          why,
          instead: 'nothing, or remove the checks',
        })
      }
      const recipe = of(alias.target)
      if (recipe !== undefined) return { kind: 'recipe', recipe }
      note(draft, 'left out', place, {
        source,
        why: 'nothing could be made of the target',
        instead: 'see what is said of it',
      })
      return undefined
    }
    const isAlias = !canBeCname(owner)
    const why = 'the target is not in the zone, and only Amazon knows its state'
    const instead = isAlias ? ANSWERED_AS_ALIAS : 'the answer is a CNAME'
    note(draft, 'changed', place, { source, why, instead })
    const form = isAlias ? 'alias' : 'cname'
    return { kind: 'endpoints', endpoints: withRules(set, [{ target: printName(alias.target), form }]) }
  }

  /** A CNAME is alone at its name. */
  function canBeCname(owner: Name): boolean {
    const hasOthers = (owners.get(nameKey(owner)) ?? []).length > setsOf(owner).length
    return !equalNames(owner, zone.apex) && !hasOthers
  }

  function endpointsOf(set: RecordSet): DraftEndpoint[] {
    return set.values.flatMap(({ text, place }) => {
      const isName = set.type === 'CNAME'
      const target = endpointTarget(isName && !text.endsWith('.') ? `${text}.` : text)
      if (target !== undefined && (target.form === 'cname') === isName) return [target]
      const source = `${printName(set.owner)} ${set.type} ${text}`
      note(draft, 'unreadable', place, {
        source,
        why: `this is no value of the type ${set.type}`,
        instead: 'mend it in the source',
      })
      return []
    })
  }

  function withRules(set: RecordSet, endpoints: readonly DraftEndpoint[]): DraftEndpoint[] {
    if (set.healthCheck === undefined) return [...endpoints]
    const targets = endpoints.map(({ target }) => target)
    const checks: readonly DraftRule[] = zone.checks.rulesFor(set.healthCheck.id, {
      place: set.healthCheck.place,
      targets,
    })
    return endpoints.map((endpoint) => ({ ...endpoint, checks }))
  }

  return { isSteered, of }
}
