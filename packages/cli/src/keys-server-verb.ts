import { obtainServerIdentity, printTrustedKey, StartRefused } from '@windrose/server'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { print, say } from './output.ts'

/** Says what the other servers are to trust of the one with this state directory. What is not there yet is made. */
export function showServerKey(stateDir: string): void {
  try {
    const { key } = obtainServerIdentity(stateDir)
    if (key.warning !== undefined) say(key.warning)
    say('in the configuration of every server:')
    print(`health: { trusted_keys: { ${printTrustedKey(key)} } }`)
  } catch (error) {
    if (error instanceof StartRefused) throw new CommandFailure(error.message, ExitCode.refused)
    throw error
  }
}
