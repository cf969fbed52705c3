import { spawn } from 'node:child_process'
import type { Attempt } from './attempt.ts'

/** The most output that is kept; what comes after is read and dropped, so that the program does not stand still. */
const OUTPUT_LIMIT = 4096

/** What a program gets between SIGTERM and SIGKILL. */
const KILL_GRACE_MS = 1000

/** How a program ended: by itself with a code, or by a signal; or why it could not begin. */
export type ProgramEnd = EndedProgram | { readonly problem: string }

export interface EndedProgram {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The first OUTPUT_LIMIT octets of what it wrote. */
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program, without a shell, in a process group of its own. `onEnd` is called once, or never when the probe ends
 * before: then the group gets SIGTERM, and SIGKILL a second later. Whatever the program leaves behind dies with it.
 */
export function runProgram(
  attempt: Attempt,
  [program, ...args]: readonly [program: string, ...args: string[]],
  env: NodeJS.ProcessEnv,
  onEnd: (end: ProgramEnd) => void,
): void {
  const child = spawn(program, args, { detached: true, env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  let closed = false
  let killing: NodeJS.Timeout | undefined
  // First of all: without descriptors there are no pipes to read from, and an error that nobody hears ends the process.
  child.on('error', (error) => {
    closed = true
    if (!attempt.isOver) onEnd({ problem: `${program} cannot be started: ${reasonOf(error)}` })
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  child.on('close', (code, signal) => {
    closed = true
    clearTimeout(killing)
    killGroup(child.pid, 'SIGKILL')
    if (!attempt.isOver) onEnd({ code, signal, stdout: stdout(), stderr: stderr() })
  })
  attempt.onEnd(() => {
    if (closed) return
    killGroup(child.pid, 'SIGTERM')
    killing = setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_GRACE_MS)
  })
}

function collect(stream: NodeJS.ReadableStream | undefined): () => string {
  let kept = Buffer.alloc(0)
  stream?.on('error', () => undefined)
  stream?.on('data', (octets: Buffer) => {
    if (kept.length < OUTPUT_LIMIT) kept = Buffer.concat([kept, octets]).subarray(0, OUTPUT_LIMIT)
  })
  return () => kept.toString('utf8')
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody of the group is left.
  }
}

function reasonOf(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException
  return REASONS[code] ?? code
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such program',
  EACCES: 'permission denied',
  EAGAIN: 'the agent\u2019s machine has no processes left',
  EMFILE: 'the agent has no file descriptors left',
}
