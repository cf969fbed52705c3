import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from '../../agent/src/certificates.arbitraries.ts'
import { StartRefused } from './start-refused.ts'
import { readStoreSecrets } from './store-secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'windrose-secrets-'))
const authority = createAuthority()
const { cert, key } = authority.issue('DNS:redis.test')
const [certificate, privateKey] = [String(cert), String(key)]
afterAll(() => {
  rmSync(folder, { recursive: true })
  authority.remove()
})

const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('a password is what its file holds but for the end of its line; PEM is as it stands', () => {
  const secrets = readStoreSecrets({
    passwordFile: fileOf('password', ' pass word \n'),
    sentinelPasswordFile: fileOf('sentinel', 'watch\r\n'),
    caFile: fileOf('ca', certificate),
    keyFile: fileOf('key', privateKey),
  })
  expect(secrets).toEqual({
    password: ' pass word',
    sentinelPassword: 'watch',
    ca: certificate,
    cert: undefined,
    key: privateKey,
  })
})

test('a file that cannot be read is named, with the reason', () => {
  const missing = join(folder, 'missing')
  expect(() => readStoreSecrets({ keyFile: missing })).toThrow(StartRefused)
  expect(() => readStoreSecrets({ keyFile: missing })).toThrow(`cannot read ${missing}, which the store needs: ENOENT`)
})

test.each<['caFile' | 'certFile' | 'keyFile', string, string]>([
  ['caFile', 'a password, put into the wrong place', 'certificate'],
  ['caFile', privateKey, 'certificate'],
  ['certFile', '-----BEGIN CERTIFICATE-----\nhalf\n-----END CERTIFICATE-----\n', 'certificate'],
  ['keyFile', certificate, 'private key'],
])('a %s that holds no such thing is refused', (option, text, what) => {
  const file = fileOf('wrong', text)
  expect(() => readStoreSecrets({ [option]: file })).toThrow(StartRefused)
  expect(() => readStoreSecrets({ [option]: file })).toThrow(`${file} holds no ${what} in PEM`)
})
