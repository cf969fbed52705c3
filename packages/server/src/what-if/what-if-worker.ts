import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../compile/step-back.ts'
import { runExplainArea } from '../explain-area/run-explain-area.ts'
import { runReplay } from '../replay/run-replay.ts'
import { runSimulation } from '../simulate/run-simulation.ts'
import { CLOCK } from './clock.ts'
import type { WhatIfResult, WhatIfTask } from './what-if-task.ts'

/** The entry of a thread that answers one question of what would be, and ends. Its memory goes with it. */
const task = workerData as WhatIfTask
await stepBack()
parentPort?.postMessage(await run(task))

function run(asked: WhatIfTask): Promise<WhatIfResult> {
  switch (asked.kind) {
    case 'simulate':
      return runSimulation(asked.present, asked.whatIf, CLOCK)
    case 'replay':
      return runReplay(asked.present, asked.request, CLOCK)
    case 'explain':
      return runExplainArea(asked.present, asked.question)
  }
}
