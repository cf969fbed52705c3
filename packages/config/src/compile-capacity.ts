import type { Check, LoadField } from '@windrose/health'
import { type Compilation, isKnown, isLeftOut, reportAtKey, reportError } from './compilation.ts'
import type { Inventory } from './compile-pools.ts'
import type { ReportedLoad, Site, SiteCapacity } from './configuration.ts'
import { didYouMean } from './did-you-mean.ts'
import type { CapacitySettings, LoadSourceSettings } from './schema/site.ts'

/** A site's capacity. Which endpoints report its load is known when all services are: see `findLoadTargets`. */
export function compileCapacity(
  compilation: Compilation,
  site: string,
  { value, target, low, unit, source }: CapacitySettings,
): SiteCapacity {
  const path = ['sites', site, 'capacity']
  if (source === 'queries') {
    if (unit !== undefined && unit !== COUNTED_UNIT) {
      const hint = 'name the check that says the load: source: { check: NAME, header: X-Load }'
      reportError(compilation, [...path, 'unit'], `queries are counted, not ${unit}`, hint)
    }
    return { value, target, low, unit: COUNTED_UNIT }
  }
  const field = compileField(compilation, [...path, 'source'], source)
  refuseBadCheck(compilation, [...path, 'source', 'check'], source.check, field)
  const intervalMs = 0
  const reported: ReportedLoad = { check: source.check, field, combine: source.combine, intervalMs, targets: [] }
  return { value, target, low, unit: unit ?? source.header ?? source.json ?? source.metric ?? '', reported }
}

function compileField(compilation: Compilation, path: string[], source: LoadSourceSettings): LoadField {
  const { header, json, metric, labels } = source
  const given = Object.entries({ header, json, metric }).filter(([, value]) => value !== undefined)
  const hint = 'for example { check: NAME, header: X-Load }'
  if (given.length === 0) {
    reportError(compilation, path, 'nothing says where in the answer the load is: "header", "json" or "metric"', hint)
  }
  for (const [key] of given.slice(1)) {
    const message = `the load is read from one place, and "${given[0]![0]}" is given`
    reportAtKey(compilation, { severity: 'error', path: [...path, key], message })
  }
  if (labels !== undefined && metric === undefined) {
    reportAtKey(compilation, {
      severity: 'error',
      path: [...path, 'labels'],
      message: '"labels" are those of "metric"',
    })
  }
  if (header !== undefined) return { in: 'header', name: header }
  if (json !== undefined) return { in: 'json', pointer: json }
  return { in: 'metric', name: metric ?? '', labels: labels ?? {} }
}

function refuseBadCheck(compilation: Compilation, path: string[], name: string, field: LoadField): void {
  if (isLeftOut(compilation, 'checks', name)) return
  const { checks } = compilation.settings
  if (!isKnown(compilation, 'checks', name)) {
    const isHttp = Object.keys(checks).filter((each) => HTTP_TYPES.includes(checks[each]!.type))
    const hint = didYouMean(name, isHttp) ?? 'give it an entry in "checks"'
    reportError(compilation, path, `there is no check "${name}"`, hint)
    return
  }
  const { type, method } = checks[name]!
  if (!HTTP_TYPES.includes(type)) {
    const hint = 'add a check that asks for the load: { type: http, path: /load }'
    reportError(compilation, path, `"${name}" is a ${type} check: only http and https checks read a load`, hint)
  } else if (method === 'HEAD' && field.in !== 'header') {
    reportError(compilation, path, `"${name}" asks with HEAD, so there is no body to read`, 'use "header", or GET')
  }
}

/** The sites, with the probe targets that say their load. */
export function findLoadTargets(compilation: Compilation, inventory: Inventory): readonly Site[] {
  return inventory.sites.map((site, index): Site => {
    const { capacity } = site
    if (capacity?.reported === undefined) return site
    const { reported } = capacity
    const ids = new Set(inventory.endpoints.flatMap((endpoint) => (endpoint.site === index ? endpoint.targets : [])))
    const found = [...ids]
      .map((id) => inventory.probeTargets.get(id)!)
      .filter(({ check }) => check.name === reported.check)
    const isBlamed = !compilation.problems.some(({ severity }) => severity === 'error')
    if (found.length === 0 && isBlamed) {
      const message = `no endpoint at ${site.name} is checked by "${reported.check}"`
      const hint = `add it to the checks of a service there; { check: ${reported.check}, observe: on } reads the load and has no say in health`
      reportError(compilation, ['sites', site.name, 'capacity', 'source', 'check'], message, hint)
    }
    const intervalMs = found[0]?.check.intervalMs ?? 0
    const targets = found.map(({ id, family }) => ({ id, family }))
    return { ...site, capacity: { ...capacity, reported: { ...reported, intervalMs, targets } } }
  })
}

const HTTP_TYPES: readonly Check['type'][] = ['http', 'https']
/** Of a capacity without a report. */
const COUNTED_UNIT = 'queries'
