import { CommanderError } from 'commander'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { say } from './output.ts'
import { createProgram } from './program.ts'

/** The `windrose` command. */
const program = createProgram((code) => {
  process.exitCode = code
})
// Commander says what is wrong by itself; the exit code is ours.
program.exitOverride()
for (const command of program.commands) {
  command.exitOverride()
  for (const verb of command.commands) verb.exitOverride()
}
try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage
  else if (error instanceof CommandFailure) {
    say(`windrose: ${error.message}`)
    process.exit(error.code)
  } else throw error
}
