import type { Step } from './service.ts'

/** The steps of a policy, and those of its areas. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) =>
    step.kind === 'geo' ? [step, ...step.areas.flatMap((area) => allSteps(area.steps ?? []))] : [step],
  )
}
