import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Identity {
  readonly key: Buffer
  readonly cert: Buffer
  readonly keyFile: string
  readonly certFile: string
}

export interface Authority {
  /** Holds the files; whatever else a test needs on disk may lie there too. */
  readonly directory: string
  readonly caFile: string
  /** A certificate of this authority for the names (`DNS:a.test,IP:127.0.0.1`) that lives for these days. */
  issue(altNames: string, days?: number): Identity
  /** A certificate for the names that no authority has signed. */
  selfSigned(altNames: string): Identity
  remove(): void
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** A certificate authority of the test's own. */
export function createAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), 'windrose-tls-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '365', '-subj', '/CN=Test CA')
  let issued = 0
  const identityOf = (keyFile: string, certFile: string): Identity => {
    return { keyFile, certFile, key: readFileSync(keyFile), cert: readFileSync(certFile) }
  }
  return {
    directory,
    caFile: join(directory, 'ca.pem'),
    issue(altNames, days = 90) {
      const file = (suffix: string) => join(directory, `${issued}.${suffix}`)
      issued++
      writeFileSync(file('ext'), `subjectAltName=${altNames}\n`)
      openssl('req', '-new', ...NEW_KEY, '-keyout', file('key'), '-out', file('csr'), '-subj', '/CN=test')
      const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', file('ext')]
      openssl('x509', '-req', '-in', file('csr'), ...signing, '-out', file('pem'), '-days', `${days}`)
      return identityOf(file('key'), file('pem'))
    },
    selfSigned(altNames) {
      const [key, pem] = [join(directory, `${issued}.key`), join(directory, `${issued}.pem`)]
      issued++
      const names = ['-subj', '/CN=test', '-addext', `subjectAltName=${altNames}`]
      openssl('req', '-x509', ...NEW_KEY, '-keyout', key, '-out', pem, '-days', '90', ...names)
      return identityOf(key, pem)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
