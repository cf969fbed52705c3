import type { ReplayRequest } from '../control/replay-types.ts'
import type { WhatIf } from '../simulate/read-what-if.ts'
import type { PresentState } from './compare-states.ts'

/** A question of what would be, as the thread is handed it. */
export type WhatIfTask =
  | { readonly kind: 'simulate'; readonly present: PresentState; readonly whatIf: WhatIf }
  | { readonly kind: 'replay'; readonly present: PresentState; readonly request: ReplayRequest }
