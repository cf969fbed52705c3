import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsOptions } from '@windrose/health'

/**
 * Whom a check trusts, and what it shows of itself. A context is made once for each set of files and versions: making
 * one for every probe would read and parse the authorities each time. Files that changed are read again.
 */
export interface TrustStore {
  /** `problem` is a sentence about a file that cannot be used. */
  contextFor(options: TrustOptions): SecureContextResult
}

export type TrustOptions = Pick<TlsOptions, 'caFile' | 'certFile' | 'keyFile' | 'minVersion' | 'maxVersion'>

export type SecureContextResult = { readonly context: SecureContext } | { readonly problem: string }

export function createTrustStore(): TrustStore {
  const contexts = new Map<string, { readonly changedAt: string; readonly made: SecureContextResult }>()
  return {
    contextFor(options) {
      const { caFile, certFile, keyFile, minVersion, maxVersion } = options
      const key = JSON.stringify([caFile, certFile, keyFile, minVersion, maxVersion])
      const changedAt = [caFile, certFile, keyFile].map(modifiedAt).join()
      const known = contexts.get(key)
      if (known?.changedAt === changedAt) return known.made
      const made = makeContext(options)
      contexts.set(key, { changedAt, made })
      return made
    },
  }
}

function modifiedAt(file: string | undefined): number | undefined {
  return file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs
}

function makeContext({ caFile, certFile, keyFile, minVersion, maxVersion }: TrustOptions): SecureContextResult {
  const options: SecureContextOptions = {
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  }
  let reading = `the CA file ${caFile}`
  try {
    if (caFile !== undefined) options.ca = readCertificates(caFile)
    // One after the other, so that the reason names the file at fault.
    const context = createSecureContext(options)
    if (certFile === undefined || keyFile === undefined) return { context }
    reading = `the client certificate ${certFile}`
    options.cert = readCertificates(certFile)
    createSecureContext(options)
    reading = `the key ${keyFile}`
    return { context: createSecureContext({ ...options, key: readFileSync(keyFile, 'utf8') }) }
  } catch (error) {
    return { problem: `the agent cannot use ${reading}: ${(error as Error).message}` }
  }
}

/** A file without a certificate would make a context that trusts nobody, and every target would be down for it. */
function readCertificates(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('there is no PEM certificate in it')
  return text
}
