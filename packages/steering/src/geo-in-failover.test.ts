import { type ClientClass, UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { scene, served } from './scenes.arbitraries.ts'
import type { Family, GeoArea, Service, Step } from './service.ts'

/** Clients of North America have area 1, those of Europe area 2. */
const NA: ClientClass = { ...UNPLACED, areas: [1] }
const EU: ClientClass = { ...UNPLACED, areas: [2] }

const area = (label: string, tiers: GeoArea['tiers'], fence = false): GeoArea => ({ label, tiers, fence })
const byArea = (...areas: readonly GeoArea[]): Step => ({ kind: 'geo', table: 0, areas })
const AREAS = [area('default', [[0], [1]]), area('continent:NA', [[0], [1]]), area('continent:EU', [[1], [0]])]

/** `main` is a service of na and eu by area; behind it the service has a site of its own, `spare`. Verdicts in this order. */
function nested([na, eu, spare]: readonly [string, string, string], client: ClientClass): Decision {
  const all = scene({ na: [na], eu: [eu], spare: [spare] }, { ttl: { max: 300, min: 10 } })
  const [first, second, last] = all.service.pools
  const main: Service = { ...all.service, name: 'main', pools: [first!, second!], steps: [byArea(...AREAS)] }
  const service: Service = {
    ...all.service,
    pools: [{ site: -1, siteName: 'main', endpoints: [], nested: { service: main, weight: 1 } }, last!],
    steps: [{ kind: 'failover', tiers: [[0], [1]], trickle: 0 }],
  }
  return decide(service, 'ipv4', client, all.health)
}

describe('a service by area as the first of a failover', () => {
  test.each<[string, [string, string, string], ClientClass, string, number]>([
    ['a client of one area its first site', ['U', 'U', 'U'], NA, 'na1', 300],
    ['a client of another area its own', ['U', 'U', 'U'], EU, 'eu1', 300],
    ['the next site of the area when the first is down', ['D/60', 'U/50', 'U'], NA, 'eu1', 50],
    ['the site behind the service when all of it is down', ['D/60', 'D/40', 'U'], NA, 'spare1', 40],
    ['the first of the area again when everything is down', ['D/60', 'D/40', 'D/90'], EU, 'eu1', 40],
  ])('gives %s', (_, verdicts, client, label, ttl) => {
    const decision = nested(verdicts, client)
    expect([served(decision), decision.ttl]).toEqual([[label], ttl])
    // Whoever serves, what was chosen among asks who the client is.
    expect(decision.dependsOnClient).toBe(true)
  })
})

describe('a failover inside an area', () => {
  const ordered = (verdicts: readonly string[], client: ClientClass) => {
    const steps: Step[] = [
      byArea(area('default', [[2]]), area('continent:NA', [[0, 1], [2]])),
      { kind: 'failover', tiers: [[1], [0]], trickle: 0 },
    ]
    const { service, health } = scene({ a: [verdicts[0]!], b: [verdicts[1]!], c: [verdicts[2]!] }, { steps })
    return served(decide(service, 'ipv4', client, health))
  }

  test.each([
    ['the first of the failover among those of the area', ['U', 'U', 'U'], ['b1']],
    ['the next of them when that is down', ['U', 'D', 'U'], ['a1']],
    ['the next of the area when all of them are down', ['D', 'D', 'U'], ['c1']],
  ])('gives %s', (_, verdicts, expected) => {
    expect(ordered(verdicts, NA)).toEqual(expected)
  })
})

describe('a family that is not there', () => {
  const ask = (step: Step, family: Family, missingFamily: Service['missingFamily'] = 'next_site') => {
    const { service, health } = scene({ a: ['U', 'U v6'], b: ['U v6'] }, { steps: [step], missingFamily })
    return decide(service, family, NA, health)
  }

  test('behind a fence is no address, for the clients of this area alone', () => {
    const fenced = byArea(area('default', [[0]]), area('continent:NA', [[1]], true))
    expect(ask(fenced, 'ipv4')).toMatchObject({ variants: [], empty: 'nodata', dependsOnClient: true })
    expect(served(ask(fenced, 'ipv6'))).toEqual(['b1'])
  })

  test('at the site of the area is no address where the operator asks for that', () => {
    const step = byArea(area('default', [[0]]), area('continent:NA', [[1], [0]]))
    expect(ask(step, 'ipv4', 'same_site')).toMatchObject({ variants: [], empty: 'nodata', dependsOnClient: true })
    expect(served(ask(step, 'ipv4'))).toEqual(['a1'])
  })
})

test('members are drawn by weight within the area of the client, and a group of which all are dead is never drawn', () => {
  const steps: Step[] = [byArea(area('default', [[1]]), area('continent:NA', [[0]])), { kind: 'weighted' }]
  const { service, health } = scene(
    { us: ['D w30 g1', 'D w10 g1', 'U w50 g2', 'U w20 g2'], fr: ['U'] },
    { steps, answers: 1 },
  )
  const { variants } = decide(service, 'ipv4', NA, health)
  const shares = Object.fromEntries(variants.map(({ endpoints, share }) => [endpoints[0]!.label, share]))
  expect(Object.keys(shares).sort()).toEqual(['us3', 'us4'])
  expect(shares['us3']).toBeCloseTo(5 / 7, 9)
  expect(served(decide(service, 'ipv4', EU, health))).toEqual(['fr1'])
})
