import type { IcmpCheck } from '@windrose/health'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { runProgram } from './run-program.ts'

/**
 * One echo request by iputils' ping, which has the privilege that the agent lacks. `why` says why the agent did not do
 * it itself, for the case that there is no ping either.
 */
export function pingWithProgram({ attempt, address }: Probing, check: IcmpCheck, why: string): void {
  const source = check.sourceAddress === undefined ? [] : (['-I', check.sourceAddress] as const)
  const wholeSeconds = String(Math.ceil(check.timeoutMs / 1000))
  const argv = ['ping', '-n', '-c', '1', '-W', wholeSeconds, ...source, address] as const
  runProgram(attempt, argv, { PATH: process.env['PATH'], LC_ALL: 'C' }, (end) => {
    if ('problem' in end) attempt.giveUp(`${why}, and ${end.problem}`)
    else if (end.code === 0) attempt.succeed('echo reply')
    else if (end.code === 1) attempt.fail('no echo reply')
    else attempt.giveUp(`${why}, and ping cannot do it: ${printableText(end.stderr) || `exit code ${end.code}`}`)
  })
}
