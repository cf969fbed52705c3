import { generateKeyPairSync } from 'node:crypto'
import { findSigningProblem, printPublicKey, readPrivateKey, readPublicKey, signWith, type Trust } from './signing.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const what = { namespace: 'prod', agent: 'a', part: 'change' } as const
const octets = Buffer.from('reports')
const trust: Trust = { keys: new Map([['a', publicKey]]), required: true }

describe('a signature', () => {
  const signature = signWith(privateKey)(what, octets)

  test('of a trusted key is right', () => {
    expect(findSigningProblem(trust, what, octets, signature)).toBeUndefined()
  })

  test.each([
    ['other octets', what, Buffer.from('Reports'), signature, 'a change with a wrong signature'],
    ['another agent', { ...what, agent: 'b' }, octets, signature, 'no key is trusted for b'],
    ['another namespace', { ...what, namespace: 'test' }, octets, signature, 'a change with a wrong signature'],
    ['another part', { ...what, part: 'lease' } as const, octets, signature, 'a lease with a wrong signature'],
    ['no signature', what, octets, new Uint8Array(0), 'a change without a signature'],
    ['half a signature', what, octets, signature.subarray(0, 32), 'a change with a wrong signature'],
    ['another key', what, octets, signWith(other.privateKey)(what, octets), 'a change with a wrong signature'],
  ])('is nothing for %s', (_, part, said, signed, problem) => {
    expect(findSigningProblem(trust, part, said, signed)).toBe(problem)
  })

  test('is asked of an agent with a key also where others need none', () => {
    const some = { ...trust, required: false }
    expect(findSigningProblem(some, what, octets, new Uint8Array(0))).toBe('a change without a signature')
    expect(findSigningProblem(some, { ...what, agent: 'b' }, octets, new Uint8Array(0))).toBeUndefined()
    const whole = { ...what, part: 'whole' } as const
    expect(findSigningProblem(some, whole, octets, new Uint8Array(0))).toBe('a table without a signature')
  })
})

test('keys are read as they are written', () => {
  const read = readPublicKey(printPublicKey(privateKey))
  if ('problem' in read) throw new Error(read.problem)
  expect(read.equals(publicKey)).toBe(true)
  expect(readPublicKey('AAAA')).toEqual({ problem: '3 octets where a public key has 32' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  expect(readPrivateKey(pem)).not.toHaveProperty('problem')
  expect(readPrivateKey('nothing')).toEqual({ problem: 'it holds no private key in PEM' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' })
  expect(readPrivateKey(rsa.toString())).toEqual({ problem: 'a key for rsa, not ed25519' })
})
