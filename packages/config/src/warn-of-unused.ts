import { type Compilation, reportAtKey } from './compilation.ts'
import { type CheckRuleSettings, checkNamesIn } from './schema/check-rule.ts'
import type { PoolSettings } from './schema/service.ts'

/** Warns of entries that nothing refers to: left over, or a reference was forgotten. */
export function warnOfUnused(compilation: Compilation): void {
  const { settings, problems } = compilation
  // A reference that is wrong, or that could not be read, may be the one that is missed.
  if (problems.some(({ severity }) => severity === 'error')) return
  const services = Object.values(settings.services)
  const overrides = settings.geo.overrides.filter((entry) => typeof entry !== 'string')
  const hasOverrideFiles = overrides.length < settings.geo.overrides.length
  const usedSites = new Set([
    ...services.flatMap(({ pools }) => Object.keys(pools)),
    ...overrides.flatMap(({ sites }) => sites),
  ])
  const usedChecks = new Set(
    services
      .flatMap(({ checks, pools }) => [...checks, ...Object.values(pools).flatMap(checksOfPool)])
      .flatMap(checkNamesIn),
  )
  const nested = services.flatMap(({ pools }) =>
    Object.values(pools).flatMap((pool) => ('length' in pool ? [] : [pool.service])),
  )
  const steered = Object.values(settings.zones).flatMap(({ steer }) => Object.values(steer))
  const usedServices = new Set([...steered, ...nested])
  if (!hasOverrideFiles) warn(compilation, 'sites', usedSites, 'no service has a pool here')
  warn(compilation, 'checks', usedChecks, 'no service uses this check')
  warn(compilation, 'services', usedServices, 'no name is steered to this service')
  if (Object.keys(settings.zones).length === 0) {
    problems.push({
      severity: 'warning',
      place: { file: compilation.document.source.file, line: 1, column: 1 },
      message: 'there are no zones: every query is refused',
      sourceLine: '',
    })
  }
}

function checksOfPool(pool: PoolSettings): readonly CheckRuleSettings[] {
  return 'length' in pool ? pool.flatMap(({ checks }) => checks ?? []) : []
}

type Section = 'sites' | 'checks' | 'services'

function warn(compilation: Compilation, section: Section, used: ReadonlySet<string>, message: string): void {
  for (const name of Object.keys(compilation.settings[section])) {
    if (used.has(name)) continue
    reportAtKey(compilation, { severity: 'warning', path: [section, name], message })
  }
}
