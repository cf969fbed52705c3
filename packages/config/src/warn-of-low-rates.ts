import type { Check, ProbeTarget } from '@windrose/health'
import { type Compilation, report } from './compilation.ts'
import { printDuration } from './duration.ts'

/** Warns of checks that may not probe as often as their interval says, with so many endpoints. */
export function warnOfLowRates(
  compilation: Compilation,
  checks: readonly Check[],
  probeTargets: readonly ProbeTarget[],
): void {
  for (const { name, maxRate, intervalMs } of checks) {
    if (maxRate === undefined) continue
    const targets = probeTargets.filter(({ check }) => check.name === name).length
    const due = (targets / intervalMs) * 1000
    if (due <= maxRate) continue
    const message = `${targets} endpoints, each every ${printDuration(intervalMs)}, are ${round(due)} probes a second: some are left out`
    const hint = `at least ${Math.ceil(due)}, or an interval of ${printDuration(Math.ceil((targets / maxRate) * 1000))}`
    report(compilation, { severity: 'warning', path: ['checks', name, 'max_rate'], message, hint })
  }
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)))
}
