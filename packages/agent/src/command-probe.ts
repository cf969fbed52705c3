import type { CommandCheck } from '@windrose/health'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { type EndedProgram, runProgram } from './run-program.ts'

/** Runs the check's program, which says by its exit code how the target is, as a Nagios plugin does. */
export function probeCommand({ attempt, address, name }: Probing, check: CommandCheck): void {
  attempt.waitingFor = 'the command did not end'
  runProgram(attempt, check.argv, environmentOf(check, address, name), (end) => {
    if ('problem' in end) {
      attempt.giveUp(end.problem)
      return
    }
    const reason = reasonOf(end)
    if (end.code === 0) attempt.succeed(reason)
    else if (end.code === 1) attempt.succeed(reason, true)
    else if (end.code === 2) attempt.fail(reason)
    else attempt.giveUp(reason)
  })
}

/** Nothing of the agent's environment but what the check names: it holds secrets. */
function environmentOf({ env, port }: CommandCheck, address: string, name: string): NodeJS.ProcessEnv {
  const allowed = env.flatMap((variable) => {
    const value = process.env[variable]
    return value === undefined ? [] : [[variable, value] as const]
  })
  return {
    PATH: DEFAULT_PATH,
    ...Object.fromEntries(allowed),
    WINDROSE_ADDRESS: address,
    WINDROSE_ENDPOINT: name,
    ...(port === undefined ? {} : { WINDROSE_PORT: String(port) }),
  }
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The first line, up to the performance data, which has figures that differ every time. */
function reasonOf({ code, signal, stdout }: EndedProgram): string {
  const [line = ''] = stdout.trimStart().split(/\r?\n/)
  const text = printableText(line.split('|')[0]!)
  if (text !== '') return text
  return signal === null ? `exit code ${code}` : `ended by ${signal}`
}
