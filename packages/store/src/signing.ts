import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** How an agent signs what it writes: Ed25519 (RFC 8032). */
export type Sign = (what: SignedPart, octets: Uint8Array) => Uint8Array

/** Who is trusted to sign for which agent. */
export interface Trust {
  /** Public keys by agent. */
  readonly keys: ReadonlyMap<string, KeyObject>
  /** Whether what is not signed is refused, also of agents that have no key. */
  readonly required: boolean
}

/** What a signature is for: it holds for nothing else, and in no other namespace. */
export interface SignedPart {
  readonly namespace: string
  readonly agent: string
  readonly part: 'lease' | 'change' | 'whole'
}

/** An agent that has no key need not sign, unless signatures are required. */
export const NO_TRUST: Trust = { keys: new Map(), required: false }

export function signWith(key: KeyObject): Sign {
  return (what, octets) => sign(null, messageOf(what, octets), key)
}

/** Undefined when it is well signed, or need not be; else what is wrong. */
export function findSigningProblem(
  trust: Trust,
  what: SignedPart,
  octets: Uint8Array,
  signature: Uint8Array,
): string | undefined {
  const key = trust.keys.get(what.agent)
  if (key === undefined) return trust.required ? untrustedProblem(what.agent) : undefined
  const name = NAMES[what.part]
  if (signature.length === 0) return `a ${name} without a signature`
  return verify(null, messageOf(what, octets), key, signature) ? undefined : `a ${name} with a wrong signature`
}

/** What is wrong with what an agent has signed before. */
export function replayProblem(part: SignedPart['part']): string {
  return `a ${NAMES[part]} that is older than what is known`
}

/** For people: what an agent says whole is its table. */
const NAMES: Readonly<Record<SignedPart['part'], string>> = { whole: 'table', change: 'change', lease: 'lease' }

/** What is wrong with an agent that nobody has a key of, where signatures are required. */
export function untrustedProblem(agent: string): string {
  return `no key is trusted for ${agent}`
}

/** The 32 octets of a public key in base64, as the configuration has them. */
export function readPublicKey(base64: string): KeyObject | { readonly problem: string } {
  const octets = Buffer.from(base64, 'base64')
  if (octets.length !== 32) return { problem: `${octets.length} octets where a public key has 32` }
  return createPublicKey({ key: Buffer.concat([PUBLIC_DER, octets]), format: 'der', type: 'spki' })
}

/** The public key, or that of a private one, as readPublicKey reads it. */
export function printPublicKey(key: KeyObject): string {
  const publicKey = key.type === 'public' ? key : createPublicKey(key as never)
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_DER.length).toString('base64')
}

/** A private key in a PEM file (PKCS #8). */
export function readPrivateKey(pem: string): KeyObject | { readonly problem: string } {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : { problem: `a key for ${key.asymmetricKeyType}, not ed25519` }
  } catch {
    return { problem: 'it holds no private key in PEM' }
  }
}

/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410). */
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex')

function messageOf({ namespace, agent, part }: SignedPart, octets: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`windrose 1\0${namespace}\0${agent}\0${part}\0`), octets])
}
