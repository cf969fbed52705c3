import fc from 'fast-check'
import { matchGlob } from './glob.ts'
import type { Override, OverrideTarget } from './override.ts'
import { matchesOverride, rankOverrides, warnUnmatched } from './override-match.ts'
import { readOverrideTarget } from './override-target.ts'

const known = {
  sites: ['fra', 'iad', 'web2'],
  services: ['web', 'web2', 'api'],
  endpoints: ['web/fra/192.0.2.10', 'web/fra/2001:db8::10', 'web/iad/198.51.100.10', 'api/fra/cdn.example.net.'],
}

function targetOf(text: string): OverrideTarget {
  const read = readOverrideTarget(text, known)
  if ('problem' in read) throw new Error(read.problem)
  return read.target
}

let count = 0
function override(text: string, change: Partial<Override> = {}): Override {
  count++
  return {
    id: `o${count}`,
    target: targetOf(text),
    action: 'down',
    reason: '',
    author: '',
    createdAt: count,
    ...change,
  }
}

describe('a pattern', () => {
  test.each([
    ['fra', 'fra', true],
    ['fra', 'fra1', false],
    ['fra', 'xfra', false],
    ['fra*', 'fra', true],
    ['fra*', 'fra12', true],
    ['*', '', true],
    ['f*a', 'fa', true],
    ['f*a', 'f', false],
    ['aa*aa', 'aaa', false],
    ['*b*b*', 'b', false],
    ['*b*b*', 'xbxbx', true],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'acb', false],
    ['192.0.2.*', '192.0.2.10', true],
    ['192.0.2.*', '192x0x2x10', false],
  ])('%s against %s: %s', (pattern, text, fits) => expect(matchGlob(pattern, text)).toBe(fits))

  test('agrees with the regular expression that says the same', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    fc.assert(
      fc.property(texts, plain, (pattern, text) => {
        expect(matchGlob(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      }),
    )
  })
})

describe('an override speaks of', () => {
  test.each([
    ['fra', 'web/fra/192.0.2.10', true],
    ['fra', 'web/iad/198.51.100.10', false],
    ['web', 'web/iad/198.51.100.10', true],
    ['web', 'api/fra/cdn.example.net.', false],
    ['web/fra', 'web/fra/192.0.2.10', true],
    ['web/fra', 'api/fra/cdn.example.net.', false],
    ['*/fra', 'api/fra/cdn.example.net.', true],
    ['web/fra/192.0.2.10', 'web/fra/192.0.2.10', true],
    ['web/fra/192.0.2.10', 'web/fra/2001:db8::10', false],
    ['web/fra/2001:*', 'web/fra/2001:db8::10', true],
    ['*/*/192.0.2.10', 'web/fra/192.0.2.10', true],
  ])('%s includes %s: %s', (text, endpoint, spoken) => {
    expect(matchesOverride(targetOf(text), endpoint)).toBe(spoken)
  })
})

describe('of several overrides', () => {
  const endpoint = 'web/fra/192.0.2.10'
  test.each([
    [['fra', 'web'], 'web'],
    [['web', 'fra'], 'web'],
    [['web/fra', 'web'], 'web/fra'],
    [['web/fra/192.0.2.10', 'web/fra', 'web', 'fra'], 'web/fra/192.0.2.10'],
    [['web/*/192.*', 'web/fra/192.0.2.10'], 'web/fra/192.0.2.10'],
    [['web/fra/192.0.2.10', 'web/*/192.*'], 'web/*/192.*'],
    [['iad', 'api'], undefined],
  ])('%j decides %s', (texts, winner) => {
    const overrides = texts.map((text) => override(text))
    const expected = winner === undefined ? undefined : overrides[texts.indexOf(winner)]
    expect(rankOverrides(overrides, 0)(endpoint)).toBe(expected)
    expect(rankOverrides(overrides.toReversed(), 0)(endpoint)).toBe(expected)
  })

  test('an expired one steps aside for the one behind it, from its very millisecond on', () => {
    const lasting = override('web/fra', { action: 'drain' })
    const passing = override('web/fra', { action: 'up', expiresAt: 1000 })
    expect(rankOverrides([lasting, passing], 999)(endpoint)).toBe(passing)
    expect(rankOverrides([lasting, passing], 1000)(endpoint)).toBe(lasting)
  })

  test('two of the same millisecond are decided the same everywhere', () => {
    const a = override('fra', { id: 'a', createdAt: 7 })
    const b = override('fra', { id: 'b', createdAt: 7 })
    expect(rankOverrides([a, b], 0)(endpoint)).toBe(b)
    expect(rankOverrides([b, a], 0)(endpoint)).toBe(b)
  })

  test('those that match no endpoint are warned of, the others not', () => {
    const lost = { ...override('web/fra'), id: 'lost', target: { kind: 'site', site: 'old*' } } as const
    expect(warnUnmatched([override('fra'), lost], known.endpoints)).toEqual([
      'override lost (down site:old*) matches no endpoint',
    ])
  })
})

describe('what an operator types', () => {
  test.each<[string, OverrideTarget]>([
    ['fra', { kind: 'site', site: 'fra' }],
    ['api', { kind: 'service', service: 'api' }],
    ['f*', { kind: 'site', site: 'f*' }],
    ['a*', { kind: 'service', service: 'a*' }],
    ['site:web2', { kind: 'site', site: 'web2' }],
    ['service:web2', { kind: 'service', service: 'web2' }],
    ['web/fra', { kind: 'pool', service: 'web', site: 'fra' }],
    ['*/fra', { kind: 'pool', service: '*', site: 'fra' }],
    ['web/fra/2001:db8::10', { kind: 'endpoint', service: 'web', site: 'fra', endpoint: '2001:db8::10' }],
    ['*/*/192.0.2.10', { kind: 'endpoint', service: '*', site: '*', endpoint: '192.0.2.10' }],
  ])('%s is read', (text, target) => {
    const read = readOverrideTarget(text, known)
    expect(read).toMatchObject({ target })
  })

  test.each([
    ['fre', 'no site or service is named "fre"; did you mean "fra"?'],
    ['afr', 'no site or service is named "afr"; known are fra, iad, web2, web, web2, api'],
    ['web2', '"web2" fits a site and a service; write site:web2 or service:web2'],
    ['w*', '"w*" fits a site and a service; write site:w* or service:w*'],
    ['x*', '"x*" matches no site and no service; write site:x* or service:x*'],
    ['site:ida', 'no site is named "ida"; did you mean "iad"?'],
    ['service:wbe', 'no service is named "wbe"; did you mean "web"?'],
    ['wep/fra', 'no service is named "wep"; did you mean "web"?'],
    ['web/fro', 'no site is named "fro"; did you mean "fra"?'],
    ['api/iad', 'service "api" has no pool at site "iad"; it has fra'],
    ['api/iad/192.0.2.10', 'service "api" has no pool at site "iad"; it has fra'],
    ['web2/fra', 'service "web2" has no pool at site "fra"; it has none'],
    ['web/fra/192.0.2.11', 'pool "web/fra" has no endpoint "192.0.2.11"; did you mean "192.0.2.10"?'],
    ['web/', '"web/" has an empty part; write a site, a service, service/site or service/site/endpoint'],
    ['', '"" has an empty part; write a site, a service, service/site or service/site/endpoint'],
    ['web/fra/', '"web/fra/" has an empty part; write a site, a service, service/site or service/site/endpoint'],
  ])('%s is refused with a way out', (text, problem) => {
    expect(readOverrideTarget(text, known)).toEqual({ problem })
  })

  test.each([
    ['site:x*', 'site:x* matches no endpoint now'],
    ['site:iad2*', 'site:iad2* matches no endpoint now'],
    ['web/x*', 'web/x* matches no endpoint now'],
    ['web/fra/10.*', 'web/fra/10.* matches no endpoint now'],
  ])('the pattern %s that matches nothing is accepted with a warning', (text, warning) => {
    const read = readOverrideTarget(text, known)
    expect(read).toEqual({ target: expect.anything(), warning })
  })

  test.each(['fra', 'web', 'f*', 'web/fra/192.*'])('%s, which matches something, has no warning', (text) => {
    expect(readOverrideTarget(text, known)).not.toHaveProperty('warning')
  })
})
