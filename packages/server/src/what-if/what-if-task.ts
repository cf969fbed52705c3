import type { ReplayBody, ReplayRequest } from '../control/replay-types.ts'
import type { SimulationBody } from '../control/simulate-types.ts'
import type { WhatIf } from '../simulate/read-what-if.ts'
import type { PresentState, WhatIfRefusal } from './compare-states.ts'

/** A question of what would be, as the thread is handed it. */
export type WhatIfTask =
  | { readonly kind: 'simulate'; readonly present: PresentState; readonly whatIf: WhatIf }
  | { readonly kind: 'replay'; readonly present: PresentState; readonly request: ReplayRequest }

/** `unavailable` says in a sentence why nobody could answer. */
export type WhatIfResult<Task extends WhatIfTask = WhatIfTask> =
  | (Task['kind'] extends 'simulate' ? SimulationBody : ReplayBody)
  | WhatIfRefusal
  | { readonly unavailable: string }

/** Who answers such questions. */
export interface WhatIfRunner {
  run<Task extends WhatIfTask>(task: Task): Promise<WhatIfResult<Task>>
}
