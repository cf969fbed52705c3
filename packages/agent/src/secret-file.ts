import { readFileSync } from 'node:fs'
import type { Attempt } from './attempt.ts'

const SECRET_LIMIT = 4096

/**
 * The secret in a file, without the newline that editors put at its end. Read for every probe: secrets are replaced
 * while an agent runs. Without a usable one the probe is given up, and the result undefined.
 */
export function readSecret(attempt: Attempt, file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (secret !== '' && secret.length <= SECRET_LIMIT) return secret
    attempt.giveUp(`the agent cannot use the secret in ${file}: it is ${secret === '' ? 'empty' : 'too long'}`)
  } catch (error) {
    attempt.giveUp(`the agent cannot read the secret in ${file}: ${(error as NodeJS.ErrnoException).code}`)
  }
  return undefined
}
