import { pino } from 'pino'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { Refusals } from './refusals.ts'
import { warnOfUntrustedKey } from './untrusted-key.ts'

let lines: Record<string, unknown>[]
const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
beforeEach(() => {
  lines = []
})

const publicKey = Buffer.alloc(32, 7).toString('base64')
const key = { agent: 'push-ns1', publicKey, key: undefined as never }

function warn(trusted: Readonly<Record<string, number>>, requireSigned = true, type = 'push'): string[] {
  const trustedKeys = new Map(Object.entries(trusted).map(([agent, octet]) => [agent, new Uint8Array(32).fill(octet)]))
  const configuration = { health: { requireSigned, trustedKeys }, checks: [{ type }] }
  warnOfUntrustedKey(log, key, configuration as unknown as ServedConfiguration)
  return lines.map(({ msg }) => msg as string)
}

describe('a server that takes pushes in, where signatures are required', () => {
  test('is told what the others need where its key is missing', () => {
    expect(warn({ 'eu-1': 1 })).toEqual([
      expect.stringContaining(`trusted_keys of all of them: push-ns1: "${publicKey}"`),
    ])
  })

  test('is told that another key is there under its name', () => {
    expect(warn({ 'push-ns1': 1 })).toEqual([expect.stringMatching(/is another one than health\.trusted_keys has/)])
  })

  test('is told nothing where it is trusted, nothing need be signed, or nobody pushes', () => {
    expect(warn({ 'push-ns1': 7 })).toEqual([])
    expect(warn({}, false)).toEqual([])
    expect(warn({}, true, 'tcp')).toEqual([])
  })
})

test('a server whose key is missing here is refused with the way to mend that, an agent without it', () => {
  const refusals = new Refusals(log)
  refusals.note({ agent: 'push-ns2', problem: 'no key is trusted for push-ns2' })
  refusals.note({ agent: 'eu-1', problem: 'no key is trusted for eu-1' })
  const [server, agent] = lines.map(({ msg }) => msg)
  expect(server).toMatch(/"windrose keys server" on it prints the line for health\.trusted_keys/)
  expect(agent).not.toMatch(/keys server/)
})
