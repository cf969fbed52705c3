import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartRefused } from './start-refused.ts'
import { readStoreSecrets } from './store-secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'windrose-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('a password is what its file holds but for the end of its line; PEM is as it stands', () => {
  const secrets = readStoreSecrets({
    passwordFile: fileOf('password', ' pass word \n'),
    sentinelPasswordFile: fileOf('sentinel', 'watch\r\n'),
    caFile: fileOf('ca', 'CA\n'),
  })
  expect(secrets).toEqual({
    password: ' pass word',
    sentinelPassword: 'watch',
    ca: 'CA\n',
    cert: undefined,
    key: undefined,
  })
})

test('a file that cannot be read is named, with the reason', () => {
  const missing = join(folder, 'missing')
  expect(() => readStoreSecrets({ keyFile: missing })).toThrow(StartRefused)
  expect(() => readStoreSecrets({ keyFile: missing })).toThrow(`cannot read ${missing}, which the store needs: ENOENT`)
})
