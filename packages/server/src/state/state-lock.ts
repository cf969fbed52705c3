import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../start-refused.ts'

/**
 * Takes a state directory for this process, so that two servers never write to one. Gives what releases it.
 *
 * The lock is a file that names its process by pid, boot and start time: what a crash leaves behind is recognised, also
 * when the pid is in use again. Throws a StartRefused that names the process that has it.
 */
export function lockStateDir(stateDir: string): () => void {
  const file = join(stateDir, 'lock')
  const own = describeProcess(process.pid)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, own)) return () => release(file, own)
    const held = read(file)
    if (held === undefined) continue
    const pid = Number.parseInt(held, 10)
    if (held === describeProcess(pid)) {
      throw new StartRefused(
        `another windrose (pid ${pid}) uses state_dir ${stateDir}; stop it, or name another state_dir`,
      )
    }
    removeStale(file, held)
  }
  throw new StartRefused(`cannot lock state_dir ${stateDir}: several processes try at once; try again`)
}

const ATTEMPTS = 5

/** The file appears with its content, or not at all. */
function create(file: string, text: string): boolean {
  const beside = `${file}.new-${process.pid}`
  try {
    writeFileSync(beside, text, { mode: 0o600 })
    linkSync(beside, file)
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    throw new StartRefused(`cannot lock the state directory with ${file}: ${message}`, { cause: error })
  } finally {
    rmSync(beside, { force: true })
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Moved away first and looked at again: another process may have taken the lock since it was read. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.stale-${process.pid}`
  try {
    renameSync(file, aside)
    if (read(aside) !== stale) linkSync(aside, file)
  } catch {
    // Somebody else was faster; the next attempt sees what they left.
  } finally {
    rmSync(aside, { force: true })
  }
}

function release(file: string, own: string): void {
  if (read(file) === own) rmSync(file, { force: true })
}

/** `PID START BOOT`: what no other process has. Without /proc the pid alone, which a later process may have too. */
function describeProcess(pid: number): string {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return `${pid} gone\n`
  }
  // The command in the second field may hold spaces and brackets; the start time is the 20th field after it.
  const stat = read(`/proc/${pid}/stat`)
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  const boot = read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
  return `${pid} ${start} ${boot}\n`
}
