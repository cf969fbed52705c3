import type { LoadFigure, Report } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

export type ReportedLoad = NonNullable<NonNullable<ServedConfiguration['sites'][number]['capacity']>['reported']>

/**
 * A site's load, of what agents say of its endpoints.
 *
 * Of an endpoint that several agents ask, the median counts: each sees the whole load of it, only a little earlier or later.
 * An endpoint that is down has none. One that is not, and of which no figure is known, is taken to have as much as the others.
 *
 * Endpoints of one family are combined as the site says; of the families the one with the most counts, for machines mostly
 * have an address of each and say the same under both.
 */
export function figureOfSite(
  { combine, targets }: Pick<ReportedLoad, 'combine' | 'targets'>,
  reportsOf: (target: string) => readonly Report[],
): LoadFigure {
  const families = new Map<string, { readonly figures: number[]; silent: number }>()
  let problem: string | undefined
  for (const { id, family } of targets) {
    const reports = reportsOf(id)
    const figures = reports.flatMap(({ load }) => (load !== undefined && 'figure' in load ? [load.figure] : []))
    const known = families.get(family) ?? { figures: [], silent: 0 }
    families.set(family, known)
    if (figures.length > 0) known.figures.push(median(figures))
    else if (reports.length === 0 || reports.some(({ verdict }) => verdict !== Verdict.down)) {
      known.silent++
      problem ??= reports.flatMap(({ load }) => (load !== undefined && 'problem' in load ? [load.problem] : []))[0]
      problem ??= 'no agent has reported on it'
    }
  }
  const loads = [...families.values()].flatMap(({ figures, silent }) =>
    figures.length === 0 ? [] : [combineFigures(combine, figures, silent)],
  )
  if (loads.length > 0) return { figure: Math.max(...loads) }
  return { problem: problem ?? 'all endpoints that could say it are down' }
}

function combineFigures(combine: ReportedLoad['combine'], figures: readonly number[], silent: number): number {
  if (combine === 'max') return Math.max(...figures)
  const mean = figures.reduce((total, figure) => total + figure, 0) / figures.length
  return combine === 'mean' ? mean : mean * (figures.length + silent)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]!
}
