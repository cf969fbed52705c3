import { Worker } from 'node:worker_threads'

/**
 * Matches regular expressions on a thread of its own: some patterns take for ever on some texts, and what they then
 * stand still is not the agent.
 */
export interface PatternMatcher {
  /** Never rejects. `undecided` when it took too long. */
  test(pattern: string, text: string): Promise<'match' | 'no match' | 'undecided'>
  /** Ends the thread; what is under way is undecided. */
  close(): void
}

/** How long one match may take. Sane ones take a thousandth of that on the largest body. */
const MATCH_LIMIT_MS = 200

/** How long a pattern that took too long is not tried again, so that the others need not queue behind it. */
const SLOW_PATTERN_REST_MS = 60_000

/** The whole program of the thread, as text: it needs no file that a bundle would have to carry along. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', ({ pattern, text }) => {
  let matches = false
  try { matches = new RegExp(pattern, 'u').test(text) } catch {}
  parentPort.postMessage(matches)
})
parentPort.postMessage('ready')
`

interface Job {
  readonly pattern: string
  readonly text: string
  readonly settle: (answer: 'match' | 'no match' | 'undecided') => void
}

/** The thread starts with the first pattern. `limitMs` is the time for one match. */
export function createPatternMatcher(limitMs: number = MATCH_LIMIT_MS): PatternMatcher {
  const waiting: Job[] = []
  const slowUntil = new Map<string, number>()
  let worker: Worker | undefined
  let ready = false
  let current: Job | undefined
  let deadline: NodeJS.Timeout | undefined

  function start(): void {
    const started = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS })
    worker = started
    started.on('message', (message: boolean | 'ready') => {
      if (started !== worker) return
      if (message === 'ready') ready = true
      else settleCurrent(message ? 'match' : 'no match')
      work()
    })
    // Out of memory, most likely: as good as out of time. A thread that does not even start costs a job as well, or it
    // would be tried for ever.
    started.on('error', () => {
      if (started !== worker) return
      current ??= waiting.shift()
      giveUpCurrent()
    })
  }

  function stop(): void {
    const stopped = worker
    worker = undefined
    ready = false
    void stopped?.terminate()
  }

  function work(): void {
    if (current === undefined && waiting.length === 0) {
      worker?.unref()
      return
    }
    if (worker === undefined) start()
    worker?.ref()
    if (!ready || current !== undefined) return
    const job = waiting.shift()!
    current = job
    deadline = setTimeout(giveUpCurrent, limitMs)
    worker?.postMessage({ pattern: job.pattern, text: job.text })
  }

  function giveUpCurrent(): void {
    stop()
    const slow = current?.pattern
    settleCurrent('undecided')
    if (slow !== undefined) {
      slowUntil.set(slow, performance.now() + SLOW_PATTERN_REST_MS)
      // Those that wait with the same pattern would each take as long.
      for (const job of waiting.splice(0)) {
        if (job.pattern === slow) job.settle('undecided')
        else waiting.push(job)
      }
    }
    work()
  }

  function settleCurrent(answer: 'match' | 'no match' | 'undecided'): void {
    clearTimeout(deadline)
    current?.settle(answer)
    current = undefined
  }

  return {
    test: (pattern, text) =>
      new Promise((settle) => {
        if ((slowUntil.get(pattern) ?? 0) > performance.now()) settle('undecided')
        else {
          slowUntil.delete(pattern)
          waiting.push({ pattern, text, settle })
          work()
        }
      }),
    close: () => {
      stop()
      settleCurrent('undecided')
      for (const job of waiting.splice(0)) job.settle('undecided')
    },
  }
}

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 }
