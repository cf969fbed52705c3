import { printMatcher } from '@windrose/geo'
import type { GeoArea, Pool, Service, Step } from '@windrose/steering'
import { type Compilation, reportAtKey } from './compilation.ts'
import type { NamedArea } from './compile-geo-step.ts'

/**
 * Refuses what could never answer some clients, whatever is up: services in which all that pools stand for has weight 0, and
 * areas behind whose fences, one or several, there is nothing that is ever served.
 */
export function refuseUnanswerable(
  compilation: Compilation,
  services: readonly Service[],
  namedAreas: (service: number) => readonly NamedArea[],
): void {
  for (const service of services) {
    const path = ['services', service.name]
    const servable = service.pools.flatMap((pool, position) => (isWeightless(pool) ? [] : [position]))
    // Where a service has endpoints alone, what is wrong with their weights is said of them.
    const isOfServices = service.pools.some(({ nested }) => nested !== undefined)
    if (servable.length === 0) {
      if (!isOfServices) continue
      const message = 'every endpoint and every service in it has weight 0: none would ever be served'
      reportAtKey(compilation, {
        severity: 'error',
        path: [...path, 'pools'],
        message,
        hint: 'give one of them a weight',
      })
      continue
    }
    for (const areas of emptyFences(service.steps, new Set(servable))) {
      const labels = areas.map(({ label }) => label)
      const written = namedAreas(service.index).findLast(({ of }) => printMatcher(of) === labels.at(-1)!.split(', ')[0])
      const within = labels.length === 1 ? '' : `, in it ${labels.slice(1).join(', in it ')}`
      const message = `clients of the area ${labels[0]}${within} could never be answered: nothing inside the fence is ever served`
      const hint = 'list another site, give its endpoints a weight, or leave the fence out'
      reportAtKey(compilation, { severity: 'error', path: written?.path ?? [...path, 'policy'], message, hint })
    }
  }
}

/** Whether all that a pool stands for has weight 0. Where something in it was refused there may be more to it. */
function isWeightless({ endpoints, nested }: Pool): boolean {
  if (nested === undefined) return endpoints.length > 0 && endpoints.every(({ weight }) => weight === 0)
  const { pools } = nested.service
  return nested.weight === 0 || (pools.length > 0 && pools.every(isWeightless))
}

/** The areas, one of each step on the way, behind whose fences no pool is left of those that can be served. */
function emptyFences([step, ...following]: readonly Step[], pools: ReadonlySet<number>): GeoArea[][] {
  if (step === undefined) return []
  if (step.kind !== 'geo') return emptyFences(following, pools)
  return step.areas.flatMap((area) => {
    const listed = area.tiers.flat()
    // A fence around nothing is refused where it is written.
    if (area.fence && listed.length === 0) return []
    const left = area.fence ? new Set(listed.filter((pool) => pools.has(pool))) : pools
    if (left.size === 0) return [[area]]
    return emptyFences(area.steps ?? following, left).map((areas) => [area, ...areas])
  })
}
