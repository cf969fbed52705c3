import { type DraftEndpoint, note } from '../draft.ts'
import { endpointTarget } from '../endpoint-target.ts'
import { DEFAULT_PANIC, MAIN_SITE, type PoolRecipe, type Recipe } from '../recipe.ts'
import type { Definition, Gdnsd } from './definition.ts'
import { addressOf, familiesOf } from './multifo.ts'
import { rulesOf } from './service-types.ts'
import { Settings } from './settings.ts'

/** A simplefo resource: the primary while it is up, else the secondary; when both are down the primary. */
export function importSimplefo(gdnsd: Gdnsd, definition: Definition): Recipe {
  const { draft } = gdnsd
  const roles = { primary: [] as DraftEndpoint[], secondary: [] as DraftEndpoint[] }
  for (const hash of familiesOf(definition)) {
    const settings = new Settings(draft, hash)
    const checks = rulesOf(draft, gdnsd.types, settings.take('service_types'))
    for (const role of ['primary', 'secondary'] as const) {
      const entry = settings.take(role)
      const target = entry === undefined ? undefined : addressOf(gdnsd, entry)
      if (target !== undefined) roles[role].push({ target, checks })
    }
    settings.refuseRest('a simplefo resource')
  }
  const pools = new Map<string, PoolRecipe>()
  for (const [site, endpoints] of Object.entries(roles)) {
    if (endpoints.length > 0) pools.set(site, { kind: 'endpoints', endpoints })
  }
  const title = `simplefo resource "${definition.name}"`
  const steps = [{ failover: [...pools.keys()] }]
  return { place: definition.place, title, steps, draw: 'all', panic: DEFAULT_PANIC, pools }
}

/** A static resource: one address or name, whatever happens. */
export function importStatic(gdnsd: Gdnsd, definition: Definition): Recipe {
  const text = definition.value.kind === 'text' ? definition.value.text : ''
  const target = endpointTarget(text)
  if (target === undefined) {
    const source = `static ${definition.name}`
    const why = 'an address or a name with its final dot is expected'
    note(gdnsd.draft, 'unreadable', definition.place, { source, why, instead: 'mend it in the source' })
  }
  return fixed(definition, `static resource "${definition.name}"`, target === undefined ? [] : [target])
}

/** The null plugin: addresses that lead nowhere. */
export function importNull(definition: Definition): Recipe {
  return fixed(definition, 'plugin null', [{ target: '0.0.0.0' }, { target: '::' }])
}

function fixed({ place }: Definition, title: string, endpoints: readonly DraftEndpoint[]): Recipe {
  const pools = new Map<string, PoolRecipe>([[MAIN_SITE, { kind: 'endpoints', endpoints }]])
  return { place, title, steps: [], draw: 'all', panic: DEFAULT_PANIC, pools, endpoints }
}
