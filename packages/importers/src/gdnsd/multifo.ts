import { printAddress, readAddress } from '@windrose/ip'
import { type DraftEndpoint, note } from '../draft.ts'
import { DEFAULT_PANIC, MAIN_SITE, type Recipe } from '../recipe.ts'
import { type Definition, type Gdnsd, withDefaults } from './definition.ts'
import { rulesOf } from './service-types.ts'
import { quoteEntry, Settings } from './settings.ts'
import type { VscfEntry, VscfHash, VscfValue } from './vscf-value.ts'

/**
 * A multifo resource: all of its addresses that are up. When less than `up_thresh` of them are, all of them, and whoever
 * chooses among several such pools passes over it: that is windrose's `panic`.
 */
export function importMultifo(gdnsd: Gdnsd, definition: Definition): Recipe {
  const families = familiesOf(definition)
  const seen = new Set<string>()
  const parts = families.map((hash) => readFamily(gdnsd, hash, seen))
  const endpoints = parts.flatMap(({ endpoints }) => endpoints)
  const panic = samePanic(
    gdnsd,
    definition,
    parts.map(({ panic }) => panic),
  )
  return {
    place: definition.place,
    title: `${definition.plugin} resource "${definition.name}"`,
    steps: [],
    draw: 'all',
    panic,
    pools: new Map([[MAIN_SITE, { kind: 'endpoints', endpoints }]]),
    endpoints,
  }
}

/** The two families of a resource, each with the keys above it as defaults, or the resource itself. */
export function familiesOf({ value, defaults }: Definition): VscfHash[] {
  const whole = withDefaults(hashOfItems(value), defaults)
  const inner = new Map([...whole.entries].filter(([key]) => key !== 'addrs_v4' && key !== 'addrs_v6'))
  const families = ['addrs_v4', 'addrs_v6'].flatMap((key) => whole.entries.get(key) ?? [])
  if (families.length === 0) return [whole]
  return families.map(({ value: family }) => withDefaults(hashOfItems(family), inner))
}

/** A list of addresses is a hash with the labels 1, 2 and so on. */
function hashOfItems(value: VscfValue): VscfHash {
  if (value.kind === 'hash') return value
  const items = value.kind === 'list' ? value.items : [value]
  const entries = items.map((item, i): [string, VscfEntry] => [
    String(i + 1),
    { key: String(i + 1), place: item.place, value: item },
  ])
  return { kind: 'hash', place: value.place, entries: new Map(entries) }
}

/** Where the families do not agree the larger threshold is taken: it passes over a pool sooner. */
export function samePanic(gdnsd: Gdnsd, { place, name }: Definition, thresholds: readonly number[]): number {
  const most = Math.max(...thresholds)
  if (thresholds.some((threshold) => threshold !== most)) {
    note(gdnsd.draft, 'changed', place, {
      source: `${name}: up_thresh ${thresholds.join(' and ')}`,
      why: 'a service has one threshold for both families',
      instead: `"panic" is ${most} now; make two services where that is not right`,
    })
  }
  return most
}

function readFamily(gdnsd: Gdnsd, hash: VscfHash, seen: Set<string>): { endpoints: DraftEndpoint[]; panic: number } {
  const { draft } = gdnsd
  const settings = new Settings(draft, hash)
  const panic = settings.share('up_thresh') ?? DEFAULT_PANIC
  const checks = rulesOf(draft, gdnsd.types, settings.take('service_types'))
  const ignores = settings.take('ignore_health')
  if (ignores !== undefined && ignores.value.kind === 'text' && ignores.value.text.toLowerCase() === 'true') {
    note(draft, 'changed', ignores.place, {
      source: quoteEntry(ignores),
      why: 'windrose never answers with an endpoint that is down while another one is up',
      instead: 'remove the checks of the service if all addresses are to be answered whatever their state',
    })
  }
  const endpoints = settings.rest().flatMap((entry) => {
    const target = addressOf(gdnsd, entry)
    if (target === undefined) return []
    if (!seen.has(target)) {
      seen.add(target)
      return [{ target, checks, comment: entry.key }]
    }
    const why = 'a service has an address once'
    note(draft, 'changed', entry.place, { source: quoteEntry(entry), why, instead: 'it counts once towards "panic"' })
    return []
  })
  return { endpoints, panic }
}

/** The address of an entry, or a finding. */
export function addressOf(gdnsd: Gdnsd, entry: VscfEntry): string | undefined {
  const address = entry.value.kind === 'text' ? readAddress(entry.value.text) : undefined
  if (address !== undefined) return printAddress(address)
  note(gdnsd.draft, 'left out', entry.place, {
    source: quoteEntry(entry),
    why: 'this is no address, and no key of the plugin',
    instead: 'see whether it is a slip; gdnsd would refuse it too',
  })
  return undefined
}
