import { runExplainArea } from '../explain-area/run-explain-area.ts'
import { runReplay } from '../replay/run-replay.ts'
import { runSimulation } from '../simulate/run-simulation.ts'
import { CLOCK } from './clock.ts'
import type { WhatIfResult, WhatIfTask } from './what-if-task.ts'

/** Answers one question, on the thread that asks. */
export function runWhatIf(task: WhatIfTask): Promise<WhatIfResult> {
  switch (task.kind) {
    case 'simulate':
      return runSimulation(task.present, task.whatIf, CLOCK)
    case 'replay':
      return runReplay(task.present, task.request, CLOCK)
    case 'explain':
      return runExplainArea(task.present, task.question)
  }
}
