import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { printPublicKey, readPrivateKey } from '@windrose/store'
import { StartRefused } from '../start-refused.ts'
import { obtainPrivateFile, type PrivateFile } from './private-file.ts'

/** What a server signs with, where it speaks as an agent: of the pushes that it takes in. */
export interface ServerKey {
  /** The agent that it speaks as. */
  readonly agent: string
  /** Ed25519. */
  readonly key: KeyObject
  /** 32 octets in base64, as `health.trusted_keys` of other servers is to have it. */
  readonly publicKey: string
  /** A sentence when others could read the file until now. */
  readonly warning?: string
}

/**
 * The key in the state directory, made there at the first start, in a file for its owner alone. Throws a StartRefused when
 * the file cannot be made, or holds no such key.
 */
export function obtainServerKey(stateDir: string, server: string): ServerKey {
  const file = join(stateDir, 'signing-key.pem')
  let found: PrivateFile
  try {
    found = obtainPrivateFile(file, makeKey)
  } catch (error) {
    throw new StartRefused(`cannot use the signing key ${file}: ${(error as Error).message}`, { cause: error })
  }
  const key = readPrivateKey(found.content)
  if ('problem' in key) {
    throw new StartRefused(`${file} is no signing key: ${key.problem}; remove it, and a new one is made`)
  }
  const { openedWith } = found
  const warning = `${file} was open to other users (mode ${openedWith}) and is closed now; remove it for a new key`
  return {
    agent: pushAgentName(server),
    key,
    publicKey: printPublicKey(key),
    ...(openedWith === undefined ? {} : { warning }),
  }
}

/** Where the highest incarnation lies that was signed with the key. */
export function incarnationFile(stateDir: string): string {
  return join(stateDir, 'signing-key.incarnation')
}

/** The agent that a server is for the pushes that it takes in. */
export function pushAgentName(server: string): string {
  return `${PUSH_PREFIX}${server}`
}

/** Whether it is a server that speaks under this name, as far as names say. */
export function isPushAgent(agent: string): boolean {
  return agent.startsWith(PUSH_PREFIX)
}

const PUSH_PREFIX = 'push-'

function makeKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
}
