import { downCheck } from '../down-check.ts'
import { type Draft, type DraftRule, note } from '../draft.ts'
import { addNamed } from '../name-entry.ts'
import { probeOf } from './service-type-probes.ts'
import { leaveOut, quoteEntry, Settings } from './settings.ts'
import { quoteVscf, textsOf, type VscfEntry, type VscfHash, type VscfValue } from './vscf-value.ts'

/** The checks that each service type stands for: none for one that is always up. */
export type ServiceTypes = ReadonlyMap<string, readonly DraftRule[]>

/** The service types of a gdnsd configuration as checks. `up` and `down` are built in. */
export function importServiceTypes(draft: Draft, hash: VscfHash | undefined): ServiceTypes {
  const types = new Map<string, readonly DraftRule[]>([['up', []]])
  for (const entry of hash?.entries.values() ?? []) types.set(entry.key, importServiceType(draft, entry))
  return types
}

/** The checks of a `service_types` value; `undefined` stands for the default, which is `up`. */
export function rulesOf(draft: Draft, types: ServiceTypes, entry: VscfEntry | undefined): readonly DraftRule[] {
  if (entry === undefined) return []
  const names = textsOf(entry.value)
  if (names === undefined) {
    noteUnknown(draft, entry, 'the names of service types are expected')
    return []
  }
  return names.flatMap(({ text, place }) => {
    if (text === 'down' && !types.has('down')) return [downCheck(draft, place)]
    const rules = types.get(text)
    if (rules === undefined) noteUnknown(draft, { ...entry, place }, `there is no service type "${text}"`)
    return rules ?? []
  })
}

function noteUnknown(draft: Draft, entry: VscfEntry, why: string): void {
  note(draft, 'left out', entry.place, {
    source: quoteEntry(entry),
    why,
    instead: 'give the endpoints their checks by hand',
  })
}

function importServiceType(draft: Draft, entry: VscfEntry): readonly DraftRule[] {
  if (entry.value.kind !== 'hash') {
    const why = 'a service type is a hash'
    note(draft, 'unreadable', entry.place, { source: quoteEntry(entry), why, instead: 'mend it in the source' })
    return []
  }
  const settings = new Settings(draft, entry.value)
  const plugin = settings.text('plugin') ?? ''
  if (plugin === 'null') {
    for (const key of COMMON_KEYS) settings.take(key)
    return [downCheck(draft, entry.place)]
  }
  if (plugin === 'static') {
    const state = settings.text('state') ?? 'UP'
    for (const key of COMMON_KEYS) settings.take(key)
    const ttl = settings.take('ttl')
    if (ttl !== undefined)
      leaveOut(draft, ttl, 'a state has no TTL of its own', 'the TTL follows from "ttl" of the service')
    settings.refuseRest('a service type of the plugin static')
    return state.toUpperCase() === 'DOWN' ? [downCheck(draft, entry.place)] : []
  }
  const probe = probeOf(draft, plugin, settings, entry)
  if (probe === undefined) {
    note(draft, 'left out', entry.place, {
      source: `service type ${entry.key}, plugin ${plugin === '' ? quoteVscf(entry.value) : plugin}`,
      why: 'no check is known for this plugin',
      instead: 'write a check by hand, perhaps of the type command, and list it in the services',
    })
    return []
  }
  const timing = importTiming(draft, settings, { entry, isTimed: probe.isTimed, isDirect: probe.isDirect })
  settings.refuseRest('a service type')
  const comment = `service type ${entry.key}`
  return [
    addNamed(draft.checks, entry.key, { settings: { ...probe.settings, ...timing }, place: entry.place, comment }),
  ]
}

const COMMON_KEYS = ['up_thresh', 'ok_thresh', 'down_thresh', 'interval', 'timeout']

interface TimingSource {
  readonly entry: VscfEntry
  /** Whether the check is probed at all. */
  readonly isTimed: boolean
  /** Whether each result counts at once. */
  readonly isDirect: boolean
}

/** The thresholds and times, with gdnsd's defaults written out, as they are not windrose's. */
function importTiming(draft: Draft, settings: Settings, { entry, isTimed, isDirect }: TimingSource): object {
  const up = settings.integer('up_thresh', [1, 65_535]) ?? 20
  const ok = settings.integer('ok_thresh', [1, 65_535]) ?? 10
  const down = settings.integer('down_thresh', [1, 65_535]) ?? 10
  const interval = settings.integer('interval', [1, 3600]) ?? 10
  const timeout = settings.integer('timeout', [1, 300]) ?? Math.max(1, interval / 2)
  if (!isTimed) return {}
  const limited = (value: number, key: string): number => {
    if (value <= THRESHOLD_MAX) return value
    const source = `service type ${entry.key}: ${key} => ${value}`
    const why = `windrose counts to ${THRESHOLD_MAX}`
    note(draft, 'changed', entry.place, {
      source,
      why,
      instead: `${THRESHOLD_MAX} is used; a longer interval does the rest`,
    })
    return THRESHOLD_MAX
  }
  // A probe must end before the next one begins.
  const timeoutMs = Math.min(timeout * 1000, interval * 1000 - 100)
  const times = {
    interval: `${interval}s`,
    timeout: timeoutMs % 1000 === 0 ? `${timeoutMs / 1000}s` : `${timeoutMs}ms`,
  }
  if (isDirect) return { ...times, rise: 1, fall: 1 }
  return {
    ...times,
    rise: limited(up, 'up_thresh'),
    fall: limited(down, 'down_thresh'),
    tolerant: limited(ok, 'ok_thresh'),
  }
}

const THRESHOLD_MAX = 100

/** A value that should be a hash, or nothing and a finding. */
export function hashOf(draft: Draft, entry: VscfEntry | undefined, what: string): VscfHash | undefined {
  if (entry === undefined) return undefined
  const { value }: { value: VscfValue } = entry
  if (value.kind === 'hash') return value
  const instead = 'mend it in the source'
  note(draft, 'unreadable', entry.place, { source: quoteEntry(entry), why: `${what} is a hash`, instead })
  return undefined
}
