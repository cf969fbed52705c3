import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../compile/step-back.ts'
import { runReplay } from '../replay/run-replay.ts'
import { runSimulation } from '../simulate/run-simulation.ts'
import { CLOCK } from './clock.ts'
import type { WhatIfTask } from './what-if-task.ts'

/** The entry of a thread that answers one question of what would be, and ends. Its memory goes with it. */
const task = workerData as WhatIfTask
await stepBack()
parentPort?.postMessage(
  task.kind === 'simulate'
    ? await runSimulation(task.present, task.whatIf, CLOCK)
    : await runReplay(task.present, task.request, CLOCK),
)
