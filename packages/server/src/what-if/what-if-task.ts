import type { AreaExplanationBody } from '../control/explain-types.ts'
import type { ReplayBody, ReplayRequest } from '../control/replay-types.ts'
import type { SimulationBody } from '../control/simulate-types.ts'
import type { AreaQuestion } from '../explain-area/explain-area.ts'
import type { WhatIf } from '../simulate/read-what-if.ts'
import type { PresentState, WhatIfRefusal } from './compare-states.ts'

/** A question of what would be, or of what is for very many clients, as the thread is handed it. */
export type WhatIfTask =
  | { readonly kind: 'simulate'; readonly present: PresentState; readonly whatIf: WhatIf }
  | { readonly kind: 'replay'; readonly present: PresentState; readonly request: ReplayRequest }
  | { readonly kind: 'explain'; readonly present: PresentState; readonly question: AreaQuestion }

interface WhatIfBodies {
  readonly simulate: SimulationBody
  readonly replay: ReplayBody
  readonly explain: AreaExplanationBody
}

/** `unavailable` says in a sentence why nobody could answer. */
export type WhatIfResult<Task extends WhatIfTask = WhatIfTask> =
  | WhatIfBodies[Task['kind']]
  | WhatIfRefusal
  | { readonly unavailable: string }

/** Who answers such questions. */
export interface WhatIfRunner {
  run<Task extends WhatIfTask>(task: Task): Promise<WhatIfResult<Task>>
}
