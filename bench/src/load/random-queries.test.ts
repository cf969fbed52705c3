import { parseMessage, printName } from '@windrose/dns'
import { isSpecialPurpose } from '@windrose/ip'
import type { QuerySet } from './query-set.ts'
import { RandomQueries } from './random-queries.ts'

const ZONE = { zone: 'gslb.example', names: 500, qtype: 1 }

function queriesOf(set: QuerySet, seed: number, count: number): ReturnType<typeof parseMessage>[] {
  const queries = new RandomQueries(set, seed)
  const octets = new Uint8Array(queries.octets + 8)
  queries.compose(octets, 4)
  return Array.from({ length: count }, (_, i) => {
    queries.renew(octets, 4, i)
    return parseMessage(octets.slice(4, 4 + queries.octets))
  })
}

test.each<[string, QuerySet, RegExp, number]>([
  ['numbered names and IPv4 subnets', { ...ZONE, owner: 'g#', subnet: 'ipv4' }, /^g000[0-4]\d\d\.gslb\.example\.$/, 7],
  ['numbered names and IPv6 subnets', { ...ZONE, owner: 'g#', subnet: 'ipv6' }, /^g000[0-4]\d\d\.gslb\.example\.$/, 10],
  ['random names without a subnet', { ...ZONE, owner: 'x*', subnet: 'none' }, /^x[a-z]{12}\.gslb\.example\.$/, 0],
])('%s make queries that are whole, different, and for unicast clients', (_, set, name, option) => {
  const names = new Set<string>()
  const subnets = new Set<string>()
  queriesOf(set, 1, 200).forEach((query, i) => {
    if ('malformed' in query) throw new Error(query.malformed)
    expect(query.id).toBe(i)
    const asked = printName(query.questions[0]!.qname)
    expect(asked).toMatch(name)
    names.add(asked)
    const data = query.edns?.options[0]?.data ?? new Uint8Array(0)
    expect(data.length).toBe(option)
    if (option === 7) expect(isSpecialPurpose(Uint8Array.of(...data.subarray(4), 0))).toBe(false)
    subnets.add(data.join())
  })
  expect(names.size).toBeGreaterThan(100)
  if (option > 0) expect(subnets.size).toBeGreaterThan(190)
})

test('the same seed asks the same questions', () => {
  const set: QuerySet = { ...ZONE, owner: 'g#', subnet: 'ipv4' }
  expect(queriesOf(set, 7, 20)).toEqual(queriesOf(set, 7, 20))
  expect(queriesOf(set, 7, 20)).not.toEqual(queriesOf(set, 8, 20))
})
