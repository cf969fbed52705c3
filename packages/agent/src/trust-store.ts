import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

/**
 * Which authorities a check trusts. A context is made once for each CA file: making one for every probe would read and
 * parse the authorities each time.
 */
export interface TrustStore {
  /** Without a file: the authorities that come with Node. `problem` is a sentence about a file that cannot be used. */
  contextFor(caFile: string | undefined): { readonly context: SecureContext } | { readonly problem: string }
}

export function createTrustStore(): TrustStore {
  const contexts = new Map<string | undefined, ReturnType<TrustStore['contextFor']>>()
  return {
    contextFor(caFile) {
      let known = contexts.get(caFile)
      if (known === undefined) {
        known = makeContext(caFile)
        contexts.set(caFile, known)
      }
      return known
    },
  }
}

function makeContext(caFile: string | undefined): ReturnType<TrustStore['contextFor']> {
  try {
    return { context: createSecureContext(caFile === undefined ? {} : { ca: readAuthorities(caFile) }) }
  } catch (error) {
    return { problem: `the agent cannot use the CA file ${caFile}: ${(error as Error).message}` }
  }
}

/** A file without a certificate would make a context that trusts nobody, and every target would be down for it. */
function readAuthorities(caFile: string): string {
  const text = readFileSync(caFile, 'utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('there is no PEM certificate in it')
  return text
}
