/** Runs one command of a script, with its output shown; ends the script with its exit code when it fails. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs `command` in the root of the workspace. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  if (result.error) {
    console.error(`cannot run ${command}: ${result.error.message}`)
    process.exit(1)
  }
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** Whether a program that the workspace has installed ends with 0. */
export function succeeds(program, args) {
  return spawnSync(process.execPath, [`node_modules/${program}`, ...args], { cwd: ROOT, stdio: 'inherit' }).status === 0
}

/** Runs a program that the workspace has installed. */
export function runInstalled(program, args, env) {
  run(process.execPath, [`node_modules/${program}`, ...args], env)
}

/** `pnpm@VERSION`, as `packageManager` pins it. */
export function pinnedPnpm() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).packageManager
}
