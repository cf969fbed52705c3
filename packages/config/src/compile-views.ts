import { CONTINENTS, continentOf, countryCodes, type ViewSpec } from '@windrose/geo'
import { type Compilation, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import { entriesInOrder } from './entries-in-order.ts'
import type { HealthConfiguration, Vantage } from './health-configuration.ts'

/** The vantages and whose views they are: what client maps need to know before there are services. */
export type CompiledViews = Pick<HealthConfiguration, 'vantages' | 'views'>

export function compileViews(compilation: Compilation): CompiledViews {
  const { document, settings } = compilation
  const { health, geo } = settings
  const owners = new Map<string, string>()
  const vantages = entriesInOrder(document, ['health', 'vantages'], health.vantages).map(([name, vantage]): Vantage => {
    vantage.areas.forEach((area, i) => {
      const path = ['health', 'vantages', name, 'areas', i]
      const owner = owners.get(area)
      if (owner !== undefined) reportError(compilation, path, `${area} is an area of "${owner}" already`)
      owners.set(area, owner ?? name)
      if ([...countryCodes(), ...CONTINENTS].includes(area)) return
      const hint = didYouMean(area, CONTINENTS) ?? `a country code (US, DE) or one of ${CONTINENTS.join(', ')}`
      reportError(compilation, path, `there is no area "${area}"`, hint)
    })
    const place = vantage.at === undefined ? {} : { latitude: vantage.at[0], longitude: vantage.at[1] }
    return { name, ...place, areas: vantage.areas }
  })
  const hasAreas =
    owners.size > 0 || geo.overrides.some((entry) => typeof entry !== 'string' && entry.vantage !== undefined)
  const views = health.views ?? (hasAreas ? 'areas' : 'off')
  if (views === 'nearest' && !vantages.some(({ latitude }) => latitude !== undefined)) {
    const hint = 'give vantages an "at": [LATITUDE, LONGITUDE]'
    reportError(compilation, ['health', 'views'], 'no vantage says where it is', hint)
  }
  return { vantages, views }
}

/** What client maps need to know of views; undefined: everybody has the global one. */
export function compileViewSpec({ vantages, views }: CompiledViews): ViewSpec | undefined {
  if (views === 'off') return undefined
  const byArea = new Map(vantages.flatMap(({ areas }, i) => areas.map((area) => [area, i + 1] as const)))
  const countries = countryCodes().flatMap((code): [string, number][] => {
    const view = byArea.get(code) ?? byArea.get(continentOf(code) ?? '')
    return view === undefined ? [] : [[code, view]]
  })
  const nearest = vantages.flatMap(({ latitude, longitude }, i) =>
    latitude === undefined || longitude === undefined ? [] : [{ view: i + 1, latitude, longitude }],
  )
  return { countries, nearest: views === 'nearest' ? nearest : [] }
}
