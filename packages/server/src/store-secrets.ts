import { readFileSync } from 'node:fs'
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

/** Reads them. Throws a StartRefused where one cannot be read. */
export function readStoreSecrets(files: SecretFiles): StoreSecrets {
  const { passwordFile, sentinelPasswordFile, caFile, certFile, keyFile } = files
  return {
    password: contentOf(passwordFile)?.trimEnd(),
    sentinelPassword: contentOf(sentinelPasswordFile)?.trimEnd(),
    ca: contentOf(caFile),
    cert: contentOf(certFile),
    key: contentOf(keyFile),
  }
}

function contentOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartRefused(`cannot read ${file}, which the store needs: ${(error as Error).message}`)
  }
}
