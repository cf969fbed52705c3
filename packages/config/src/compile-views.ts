import { CONTINENTS, continentOf, countryCodes, type MapRule, type ViewSpec } from '@windrose/geo'
import { type Compilation, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import { entriesInOrder } from './entries-in-order.ts'
import type { HealthConfiguration, Vantage } from './health-configuration.ts'

/** The vantages in the order of the file; no area is two vantages'. */
export function compileVantages(compilation: Compilation): Vantage[] {
  const { document, settings } = compilation
  const { vantages } = settings.health
  const known: readonly string[] = [...countryCodes(), ...CONTINENTS]
  const owners = new Map<string, string>()
  return entriesInOrder(document, ['health', 'vantages'], vantages).map(([name, { at, areas }]) => {
    areas.forEach((area, i) => {
      const path = ['health', 'vantages', name, 'areas', i]
      const owner = owners.get(area)
      if (owner !== undefined) reportError(compilation, path, `${area} is an area of "${owner}" already`)
      owners.set(area, owner ?? name)
      if (known.includes(area)) return
      const hint = didYouMean(area, CONTINENTS) ?? `a country code (US, DE) or one of ${CONTINENTS.join(', ')}`
      reportError(compilation, path, `there is no area "${area}"`, hint)
    })
    return { name, ...(at === undefined ? {} : { latitude: at[0], longitude: at[1] }), areas }
  })
}

/** Whose views there are. */
export type CompiledViews = Pick<HealthConfiguration, 'vantages' | 'views'>

/** That a vantage has areas, or that a rule names one, can only be meant for views: then they are on. */
export function compileViews(
  compilation: Compilation,
  vantages: readonly Vantage[],
  rules: readonly MapRule[],
): CompiledViews {
  const isMeant = vantages.some(({ areas }) => areas.length > 0) || rules.some(({ view }) => view !== undefined)
  const views = compilation.settings.health.views ?? (isMeant ? 'areas' : 'off')
  if (views === 'nearest' && !vantages.some(({ latitude }) => latitude !== undefined)) {
    const hint = 'give vantages an "at": [LATITUDE, LONGITUDE]'
    reportError(compilation, ['health', 'views'], 'no vantage says where it is', hint)
  }
  return { vantages, views }
}

/** What client maps need to know of views; undefined: everybody has the global one. A country goes before its continent. */
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
