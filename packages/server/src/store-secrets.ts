import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { StartRefused } from './start-refused.ts'

/** The files that hold what a store is spoken to with: passwords, and PEM for TLS. */
export interface SecretFiles {
  readonly passwordFile?: string | undefined
  readonly sentinelPasswordFile?: string | undefined
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
}

/** What the files hold; undefined where none is named. */
export interface StoreSecrets {
  readonly password: string | undefined
  readonly sentinelPassword: string | undefined
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** Reads them. Throws a StartRefused where one cannot be read, or TLS could not use it. */
export function readStoreSecrets(files: SecretFiles): StoreSecrets {
  const { passwordFile, sentinelPasswordFile, caFile, certFile, keyFile } = files
  return {
    password: contentOf(passwordFile)?.trimEnd(),
    sentinelPassword: contentOf(sentinelPasswordFile)?.trimEnd(),
    ca: pemOf(caFile, 'certificate'),
    cert: pemOf(certFile, 'certificate'),
    key: pemOf(keyFile, 'private key'),
  }
}

/** Without a certificate in it, a file of authorities would pass, and nothing would be trusted. */
function pemOf(file: string | undefined, what: 'certificate' | 'private key'): string | undefined {
  const pem = contentOf(file)
  if (pem === undefined) return undefined
  try {
    if (!PEM[what].test(pem)) throw new Error('there is none in it')
    createSecureContext(what === 'certificate' ? { cert: pem } : { key: pem })
  } catch (error) {
    throw new StartRefused(
      `${file} holds no ${what} in PEM that the store could be spoken to with: ${(error as Error).message}`,
    )
  }
  return pem
}

const PEM = { certificate: /-----BEGIN CERTIFICATE-----/, 'private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/ }

function contentOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartRefused(`cannot read ${file}, which the store needs: ${(error as Error).message}`)
  }
}
