import { readdirSync, readFileSync } from 'node:fs'
import { VERSION } from '../version.ts'
import type { LoopLag } from './loop-lag.ts'
import type { Metric } from './metric.ts'

/** What every process of windrose has to tell of itself. */
export interface ProcessParts {
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly loopLag: LoopLag
}

export const BUILD_INFO: Metric<unknown> = {
  name: 'windrose_build_info',
  type: 'gauge',
  help: '1, with the version of windrose and of Node.',
  collect: () => [{ labels: { version: VERSION, node: process.versions.node }, value: 1 }],
}

/** The process. Those that begin so have the names that all Prometheus clients use. */
export const PROCESS_METRICS: readonly Metric<ProcessParts>[] = [
  {
    name: 'windrose_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How late the event loop of the main thread was at most, in the last ten to twenty seconds.',
    collect: ({ loopLag }) => [{ labels: { thread: 'main' }, value: loopLag.maxSeconds() }],
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time used by the process with all its threads.',
    collect: () => {
      const { user, system } = process.cpuUsage()
      return [{ value: (user + system) / 1e6 }]
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process that is in RAM.',
    collect: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started, as Unix time.',
    collect: ({ startedAt }) => [{ value: startedAt / 1000 }],
  },
  {
    name: 'process_open_fds',
    type: 'gauge',
    help: 'File descriptors that the process has open.',
    collect: () => ifAny(openDescriptors()),
  },
  {
    name: 'process_max_fds',
    type: 'gauge',
    help: 'File descriptors that the process may have open.',
    collect: () => ifAny(mostDescriptors()),
  },
]

function ifAny(value: number | undefined): readonly { readonly value: number }[] {
  return value === undefined ? [] : [{ value }]
}

/** Undefined where the system does not tell. */
function openDescriptors(): number | undefined {
  try {
    // Without the one that it is read with.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return undefined
  }
}

function mostDescriptors(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
