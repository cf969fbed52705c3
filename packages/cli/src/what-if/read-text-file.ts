import { readFileSync } from 'node:fs'
import { CommandFailure, ExitCode } from '../exit-code.ts'

/** A file that the user named, whole. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new CommandFailure(`cannot read ${file} (${why})`, ExitCode.unreachable)
  }
}
