import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../source-files.ts'

/** A program that a test runs, with all it has said. Ended by its own pid when the test is over. */
export class Running {
  readonly process: ChildProcess
  output = ''
  readonly exited: Promise<number | null>

  constructor(command: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
    this.process = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
    this.exited = new Promise((resolve) => {
      this.process.on('exit', (code) => resolve(code))
      this.process.on('error', (error) => {
        this.output += error.message
        resolve(null)
      })
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Ends it, at last by force. Gives its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal)
    const late = setTimeout(() => this.process.kill('SIGKILL'), 8000)
    const code = await this.exited
    clearTimeout(late)
    return code
  }
}

export const WINDROSE: string = join(ROOT, 'packages/cli/bin/windrose.js')

/** Runs a verb of the windrose command to its end. */
export async function windrose(...args: string[]): Promise<{ code: number | null; output: string }> {
  const running = new Running(process.execPath, [WINDROSE, ...args])
  const code = await running.exited
  return { code, output: running.output }
}

/** Asks again and again until the answer is right; fails with the last one when time is up. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await look()
    if (isRight(value)) return value
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms; the last was ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
