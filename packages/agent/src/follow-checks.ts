import type { ProbeTarget } from '@windrose/health'
import type { AgentSide } from '@windrose/store'
import { Backoff } from './backoff.ts'

/** What all servers of a namespace want probed, together. */
export interface Assignment {
  readonly targets: readonly ProbeTarget[]
  readonly controlTargets: readonly string[]
}

export interface AssignmentListener {
  readonly onAssignment: (assignment: Assignment) => void
  /** The store was reached for the first time, and no server has said anything. */
  readonly onNothing: () => void
  /** Why the store could not be asked; undefined when it was. */
  readonly onTrouble: (problem: string | undefined) => void
}

/**
 * Asks the store what to probe, every two seconds, and every second until there is something; tells when it is something
 * else. While the store cannot be reached or names nothing, what was last said goes on. Gives what ends it.
 */
export function followChecks(
  store: AgentSide,
  random: () => number,
  { onAssignment, onNothing, onTrouble }: AssignmentListener,
): () => void {
  const backoff = new Backoff(FIRST_ASK_MS, ASK_MS, random)
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let known = ''
  let hasAsked = false
  const ask = async () => {
    let waitMs: number
    try {
      const sets = await store.checkSets()
      if (stopped) return
      backoff.succeeded()
      onTrouble(undefined)
      const revisions = sets.map(({ revision }) => revision).join()
      if (sets.length > 0 && revisions !== known) {
        onAssignment(join(sets))
        known = revisions
      } else if (sets.length === 0 && !hasAsked) onNothing()
      hasAsked = true
      waitMs = known === '' ? FIRST_ASK_MS : ASK_MS
    } catch (error) {
      if (stopped) return
      onTrouble((error as Error).message)
      waitMs = backoff.next()
    }
    timer = setTimeout(ask, waitMs)
  }
  void ask()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

function join(sets: Awaited<ReturnType<AgentSide['checkSets']>>): Assignment {
  const targets = new Map(sets.flatMap((set) => set.targets.map((target) => [target.id, target] as const)))
  return { targets: [...targets.values()], controlTargets: [...new Set(sets.flatMap((set) => set.controlTargets))] }
}

const FIRST_ASK_MS = 1000
const ASK_MS = 2000
