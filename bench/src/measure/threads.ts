import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of one thread so far, in nanoseconds, user and kernel together. */
export interface ThreadTime {
  readonly name: string
  readonly ns: number
}

/** The threads of a process by number, from /proc/PID/task. */
export function threadTimes(pid: number): Map<number, ThreadTime> {
  const times = new Map<number, ThreadTime>()
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    try {
      const folder = `/proc/${pid}/task/${tid}`
      const [ns] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ')
      times.set(Number(tid), { name: readFileSync(`${folder}/comm`, 'utf8').trim(), ns: Number(ns) })
    } catch {
      // The thread ended between the listing and the reading.
    }
  }
  return times
}

/** What a process used between two looks: the threads that answer queries, each, and all others together. */
export interface CpuUse {
  readonly answering: readonly number[]
  readonly rest: number
}

/** Nanoseconds of CPU between two looks at the threads of a process. */
export function cpuBetween(
  before: ReadonlyMap<number, ThreadTime>,
  after: ReadonlyMap<number, ThreadTime>,
  isAnswering: (name: string) => boolean,
): CpuUse {
  const answering: number[] = []
  let rest = 0
  for (const [tid, { name, ns }] of after) {
    const used = ns - (before.get(tid)?.ns ?? 0)
    if (isAnswering(name)) answering.push(used)
    else rest += used
  }
  return { answering, rest }
}

/** Megabytes of memory that a process has resident now, and has had at most. */
export function residentMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: field('VmRSS'), peak: field('VmHWM') }
}
