import { countryCoordinates } from '@windrose/geo'
import { type Compilation, reportError } from './compilation.ts'
import { compileCapacity } from './compile-capacity.ts'
import type { Site } from './configuration.ts'
import { entriesInOrder } from './entries-in-order.ts'

/** The sites in the order of the file. A country stands in for coordinates that are not given. */
export function compileSites(compilation: Compilation): Site[] {
  const { document, settings } = compilation
  return entriesInOrder(document, ['sites'], settings.sites).map(([name, site]) => {
    const ofCountry = site.country === undefined ? undefined : countryCoordinates(site.country)
    if (site.country !== undefined && ofCountry === undefined) {
      reportError(compilation, ['sites', name, 'country'], `"${site.country}" is not a country`)
    }
    const at = site.at === undefined ? ofCountry : { latitude: site.at[0], longitude: site.at[1] }
    return {
      name,
      ...at,
      ...(site.country === undefined ? {} : { country: site.country }),
      ...(site.capacity === undefined ? {} : { capacity: compileCapacity(compilation, name, site.capacity) }),
      riskGroups: site.risk_groups,
    }
  })
}
