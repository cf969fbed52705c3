import type { SimulatedSideBody } from '../control/simulate-types.ts'
import type { ComparedStates } from './compare-states.ts'
import type { Side } from './side.ts'

/** Which configurations were compared, and with which verdicts. */
export function describeSides(
  { before, after }: Pick<ComparedStates, 'before' | 'after'>,
  isAllUp: boolean,
): { readonly before: SimulatedSideBody; readonly after: SimulatedSideBody } {
  const describe = ({ configuration: { file, revision } }: Side): SimulatedSideBody => ({
    file,
    revision,
    verdicts: isAllUp ? 'all up' : 'present',
  })
  return { before: describe(before), after: describe(after) }
}
