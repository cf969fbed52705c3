import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../compile/step-back.ts'
import { runWhatIf } from './run-what-if.ts'
import type { WhatIfTask } from './what-if-task.ts'

/** The entry of a thread that answers one question of what would be, and ends. Its memory goes with it. */
const task = workerData as WhatIfTask
await stepBack()
parentPort?.postMessage(await runWhatIf(task))
