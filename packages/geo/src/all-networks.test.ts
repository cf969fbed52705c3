import { readAddress } from '@windrose/ip'
import { type AllNetworks, mapAllNetworks } from './all-networks.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'

function find(map: AllNetworks, text: string): string {
  const address = readAddress(text)!
  let reference = address.length === 4 ? map.ipv4 : map.ipv6
  for (let depth = 0; reference < 0; depth++) {
    reference = map.trie.half(reference, (address[depth >> 3]! >> (7 - (depth & 7))) & 1)
  }
  const { asn, organisation } = map.list[reference]!
  return `${asn} ${organisation}`
}

const first = makeDatabase({
  '8.8.8.0/24': { autonomous_system_number: 15169, autonomous_system_organization: 'Google LLC' },
  '8.8.4.0/24': { autonomous_system_number: 15169, autonomous_system_organization: 'Google' },
  '9.0.0.0/8': { autonomous_system_number: 4200000001, autonomous_system_organization: 'Zürich Büro' },
  '2600::/16': { autonomous_system_number: 7018, autonomous_system_organization: 'AT&T' },
})
const second = makeDatabase({
  '8.0.0.0/8': { asn: 'AS3356', as_name: 'Lumen' },
  '2a00::/16': { asn: 'AS3320', as_name: 'DTAG' },
})

test('an address is in the network that the first database says, the second fills gaps', () => {
  const map = mapAllNetworks([first, second])!
  // One AS has one name, that of the first of its records.
  expect(find(map, '8.8.8.8')).toBe('15169 Google')
  expect(find(map, '8.8.4.4')).toBe('15169 Google')
  expect(find(map, '8.1.1.1')).toBe('3356 Lumen')
  expect(find(map, '9.1.1.1')).toBe('4200000001 Zürich Büro')
  expect(find(map, '10.1.1.1')).toBe('0 ')
  expect(find(map, '2600::1')).toBe('7018 AT&T')
  expect(find(map, '2a00::1')).toBe('3320 DTAG')
})

test('there are no networks where no database knows AS numbers', () => {
  expect(mapAllNetworks([makeDatabase({ '8.0.0.0/8': { country_code: 'US' } })])).toBeUndefined()
  expect(mapAllNetworks([])).toBeUndefined()
})
