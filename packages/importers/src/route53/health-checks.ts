import { readAddress } from '@windrose/ip'
import { checkBySettings } from '../check-by-settings.ts'
import { downCheck } from '../down-check.ts'
import { type Draft, type DraftRule, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'
import { addNamed } from '../name-entry.ts'

/** The checks that a record set's health check stands for. */
export interface HealthChecks {
  /** None where the record counts as healthy whatever happens; `target` is what windrose will probe. */
  readonly rulesFor: (id: string, use: HealthCheckUse) => readonly DraftRule[]
}

export interface HealthCheckUse {
  readonly place: JsonView['place']
  readonly targets: readonly string[]
}

/**
 * Health checks by their ids, from the output of `aws route53 list-health-checks`; without it every one is listed as to do.
 *
 * Route 53 probes the address or name that the health check says; windrose probes the endpoint that it answers with.
 */
export function createHealthChecks(draft: Draft, root: JsonView | undefined): HealthChecks {
  const views = new Map<string, JsonView>()
  for (const view of (root?.at('HealthChecks') ?? root)?.items() ?? []) {
    const id = view.text('Id')
    if (id !== undefined) views.set(id, view)
  }
  const known = new Map<string, readonly DraftRule[]>()
  const open = new Set<string>()
  const noted = new Set<string>()

  function rulesOf(id: string): readonly DraftRule[] {
    const view = views.get(id)
    if (view === undefined || open.has(id)) return []
    const before = known.get(id)
    if (before !== undefined) return before
    open.add(id)
    const rules = convert(draft, view, { id, rulesOf, isKnown: (child) => views.has(child) })
    open.delete(id)
    known.set(id, rules)
    return rules
  }

  function rulesFor(id: string, { place, targets }: HealthCheckUse): readonly DraftRule[] {
    const view = views.get(id)
    if (view === undefined) {
      if (!noted.has(id)) {
        const why =
          root === undefined ? 'what it probes stands in another file' : 'the file of health checks does not have it'
        const instead =
          'import with --health-checks FILE, the output of "aws route53 list-health-checks", or write a check'
        note(draft, 'left out', place, { source: `health check ${id}`, why, instead })
      }
      noted.add(id)
      return []
    }
    const probed = view.at('HealthCheckConfig')?.text('IPAddress')
    const address = probed === undefined ? undefined : readAddress(probed)
    if (address !== undefined && !targets.some((target) => String(readAddress(target)) === String(address))) {
      const why = `Route 53 probes ${probed}; windrose probes what it answers with: ${targets.join(', ') || 'another service'}`
      note(draft, 'changed', place, {
        source: `health check ${id}`,
        why,
        instead: 'see whether these addresses answer the check',
      })
    }
    return rulesOf(id)
  }

  return { rulesFor }
}

interface Conversion {
  readonly id: string
  readonly rulesOf: (id: string) => readonly DraftRule[]
  readonly isKnown: (id: string) => boolean
}

function convert(draft: Draft, view: JsonView, conversion: Conversion): readonly DraftRule[] {
  const config = view.at('HealthCheckConfig')
  const { id } = conversion
  if (config === undefined) return []
  const leave = (key: string, why: string, instead: string): void => {
    const place = (config.at(key) ?? config).place
    note(draft, 'left out', place, { source: `health check ${id}: ${key}`, why, instead })
  }
  if (config.boolean('Disabled') === true) return []
  const type = config.text('Type') ?? ''
  if (config.boolean('Inverted') === true) {
    leave('Inverted', 'windrose turns no check around', 'write a command check, or let something push the state')
    return []
  }
  if (type === 'CALCULATED') return convertCalculated(draft, config, conversion)
  const settings = probeOf(config, type)
  if (settings !== undefined) {
    if (config.boolean('EnableSNI') === false && type.startsWith('HTTPS')) {
      leave('EnableSNI', 'windrose sends the server name', 'see whether the server minds')
    }
    if ((config.at('Regions')?.items().length ?? 0) > 0) {
      const why = 'where probes come from is where agents run'
      note(draft, 'to do', config.at('Regions')!.place, {
        source: `health check ${id}: Regions`,
        why,
        instead: 'run agents there',
      })
    }
    return [checkNamed(draft, view, settings)]
  }
  const comment = `health check ${id}`
  const name = addNamed(draft.checks, `push-${id}`, {
    settings: { type: 'push', ttl: '5m' },
    place: view.place,
    comment,
  })
  const why = `a health check of the type ${type} follows something that only Amazon knows`
  const instead = `push its state: PUT /api/v1/push/${name}/ENDPOINT`
  note(draft, 'changed', config.place, { source: comment, why, instead })
  return [name]
}

/** What is probed, with Route 53's times and thresholds; undefined for what is no probe. */
function probeOf(config: JsonView, type: string): Readonly<Record<string, unknown>> | undefined {
  const match = /^(HTTPS?|TCP)(_STR_MATCH)?$/.exec(type)
  if (match === null) return undefined
  const interval = config.number('RequestInterval') === 10 ? 10 : 30
  const threshold = Math.min(10, Math.max(1, Math.trunc(config.number('FailureThreshold') ?? 3)))
  const times = { interval: `${interval}s`, timeout: '6s', rise: threshold, fall: threshold }
  const port = config.number('Port')
  if (match[1] === 'TCP') return { type: 'tcp', port: port ?? 80, ...times }
  const isTls = match[1] === 'HTTPS'
  const path = config.text('ResourcePath') ?? '/'
  const host = config.text('FullyQualifiedDomainName')?.replace(/\.$/, '')
  const body = match[2] === undefined ? undefined : config.text('SearchString')
  return {
    type: isTls ? 'https' : 'http',
    ...(port === undefined || port === (isTls ? 443 : 80) ? {} : { port }),
    ...(path === '/' || path === '' ? {} : { path: path.startsWith('/') ? path : `/${path}` }),
    ...(host === undefined || host === '' ? {} : { host }),
    // Route 53 does not look at the certificate, and at the first 5,120 octets of the body.
    ...(isTls ? { tls: { verify: 'off' } } : {}),
    expect: { status: '200-399', ...(body === undefined || body === '' ? {} : { body, body_limit: 5120 }) },
    ...times,
  }
}

/** Healthy while so many of its children are. */
function convertCalculated(draft: Draft, config: JsonView, { id, rulesOf, isKnown }: Conversion): readonly DraftRule[] {
  const children =
    config
      .at('ChildHealthChecks')
      ?.items()
      .flatMap((child) => child.asText ?? []) ?? []
  const missing = children.filter((child) => !isKnown(child))
  if (missing.length > 0) {
    const why = `the file has no health check ${missing[0]}`
    const instead = 'import with the whole list of health checks'
    note(draft, 'changed', config.place, { source: `health check ${id}`, why, instead })
  }
  const rules = children.map((child) => rulesOf(child))
  // A child without a rule is healthy for ever.
  const counted = rules.flatMap(([rule]) => rule ?? [])
  const needed = (config.number('HealthThreshold') ?? children.length) - (rules.length - counted.length)
  if (needed <= 0) return []
  if (needed > counted.length) return [downCheck(draft, config.place)]
  if (needed === counted.length) return counted.length === 1 ? counted : [{ all: counted }]
  return needed === 1 ? [{ any: counted }] : [{ at_least: needed, of: counted }]
}

/** Route 53 has a health check for each address, windrose one check for all that are probed alike. */
function checkNamed(draft: Draft, view: JsonView, settings: Readonly<Record<string, unknown>>): string {
  const id = view.text('Id') ?? ''
  const check = { settings, place: view.place, comment: `health check ${id}` }
  const subject = settings['host'] ?? settings['port']
  return checkBySettings(draft, `${settings['type']}-${subject ?? id}`, check)
}
