import { generateKeyPairSync } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { printTrustedKey } from '@windrose/server'
import { printPublicKey } from '@windrose/store'
import { CommandFailure } from './exit-code.ts'
import { print, say } from './output.ts'
import { requireName } from './require-name.ts'

/** Makes an Ed25519 key for an agent to sign with, and says what servers are to trust. */
export function makeAgentKey(agent: string, file: string): void {
  requireName(agent)
  if (existsSync(file)) throw new CommandFailure(`${file} is there already; a key is never written over`)
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new CommandFailure(`the key cannot be written: ${(error as Error).message}`)
  }
  say(`wrote ${file}: for "windrose agent --name ${agent} --signing-key ${file}"`)
  say('and in the configuration of every server:')
  print(`health: { trusted_keys: { ${printTrustedKey({ agent, publicKey: printPublicKey(privateKey) })} } }`)
}
