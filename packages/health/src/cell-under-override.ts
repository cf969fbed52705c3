import { DRAINED, FORCED, healthCell, STABILITY_MAX, Verdict } from '@windrose/steering'
import type { Override } from './override.ts'

/** What the override that decides over an endpoint makes of its cell; left out, the cell stays as checks made it. */
export function cellUnderOverride(cell: number, override: Override | undefined): number {
  switch (override?.action) {
    case 'up':
      return healthCell(Verdict.up, FORCED, STABILITY_MAX)
    case 'down':
      return healthCell(Verdict.down, FORCED, STABILITY_MAX)
    case 'drain':
      return (cell | DRAINED) >>> 0
    default:
      return cell
  }
}
