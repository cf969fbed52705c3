import { Worker } from 'node:worker_threads'
import type { WhatIfResult, WhatIfRunner, WhatIfTask } from './what-if-task.ts'

/**
 * Answers questions of what would be, one at a time, each in a thread of its own that steps back behind those that answer
 * clients and is ended when it takes too long.
 */
export class WhatIfThread implements WhatIfRunner {
  readonly #limits: WhatIfLimits
  readonly #entry: URL
  #worker: Worker | undefined

  /** `entry` is what the thread runs. */
  constructor(limits: WhatIfLimits = LIMITS, entry: URL = new URL('./what-if-worker.js', import.meta.url)) {
    this.#limits = limits
    this.#entry = entry
  }

  async run<Task extends WhatIfTask>(task: Task): Promise<WhatIfResult<Task>> {
    if (this.#worker !== undefined) {
      return {
        unavailable: 'another simulation, replay or explanation of an area is being made; ask again when it is done',
      }
    }
    const { seconds, megabytes } = this.#limits
    const worker = new Worker(this.#entry, {
      workerData: task,
      name: 'what-if',
      resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    })
    this.#worker = worker
    try {
      return await new Promise((resolve) => {
        const timer = setTimeout(() => {
          resolve({ unavailable: `it was given up after ${seconds} s` })
          void worker.terminate()
        }, seconds * 1000)
        worker.once('message', resolve)
        worker.once('error', (error) => resolve({ unavailable: `it failed: ${error.message}` }))
        worker.once('exit', () => {
          clearTimeout(timer)
          resolve({ unavailable: 'it was ended' })
        })
      })
    } finally {
      // What comes next finds the memory free.
      await worker.terminate()
      this.#worker = undefined
    }
  }

  /** Ends what is being made. */
  async stop(): Promise<void> {
    await this.#worker?.terminate()
  }
}

export interface WhatIfLimits {
  readonly seconds: number
  /** Of the thread's objects; maps and tries of addresses lie outside of them. */
  readonly megabytes: number
}

/** Several times what the largest City database and a log of a million lines take. */
const LIMITS: WhatIfLimits = { seconds: 60, megabytes: 2048 }

const YOUNG_MEGABYTES = 128
