import type { SiteBody } from '@windrose/server'
import { paint, table } from './output.ts'

/** The loads of the sites that have a capacity, after an empty line; nothing where none has. */
export function siteTable(sites: readonly SiteBody[]): readonly string[] {
  const rows = sites.flatMap(({ name, capacity, load }) => {
    if (load === null || capacity === null) return []
    const { value, unit, source, ageSeconds, problem, placed } = load
    return [
      [
        name,
        value === null ? '?' : number(value),
        number(capacity),
        value === null ? '' : `${Math.round((value / capacity) * 100)} %`,
        unit,
        source === 'last' && ageSeconds !== null ? `${source}, ${Math.round(ageSeconds)} s ago` : source,
        [...excessText(placed), ...(problem === null ? [] : [paint('yellow', problem)])].join('; '),
      ],
    ]
  })
  return rows.length === 0 ? [] : ['', table(['SITE', 'LOAD', 'CAPACITY', 'USE', 'UNIT', 'KNOWN', ''], rows)]
}

function excessText(placed: NonNullable<SiteBody['load']>['placed']): readonly string[] {
  if (placed === null || placed.excess === 0) return []
  const { excess, unspilled } = placed
  const text = `${number(excess)} answers/s above its target`
  return [paint('red', unspilled > 0 ? `${text}, ${number(unspilled)} with room nowhere` : text)]
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
