import { UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { healthCell, STABILITY_MAX, Verdict } from './health-table.ts'
import { placedAt, probabilities, type Scene, scene, served, table } from './scenes.arbitraries.ts'
import type { Family, Service, Step } from './service.ts'

const ask = ({ service, health }: Scene, family: Family = 'ipv4', client = UNPLACED): Decision =>
  decide(service, family, client, health)

const weighted: Step[] = [{ kind: 'weighted' }]
const nearest: Step[] = [{ kind: 'nearest' }]

describe('a pool of equal addresses', () => {
  test.each([
    ['all up for ever: all, for the longest TTL', ['U', 'U', 'U'], 'up', ['x1', 'x2', 'x3'], 300],
    [
      'one of three up is less than half: all are served, for as long as none can change',
      ['D/40', 'D/90', 'U/70'],
      'panic',
      ['x1', 'x2', 'x3'],
      40,
    ],
    ['two of three up is enough: the two, while the third stays down', ['D/40', 'U', 'U/70'], 'up', ['x2', 'x3'], 40],
    ['all down: all are served, never nothing', ['D/30', 'D/22', 'D/90'], 'all-down', ['x1', 'x2', 'x3'], 22],
    ['one of four up: all four', ['D', 'D', 'D', 'U'], 'panic', ['x1', 'x2', 'x3', 'x4'], 300],
    ['exactly half up: that half', ['D', 'U', 'D', 'U'], 'up', ['x2', 'x4'], 300],
    ['one of two up: that one', ['D/6', 'U'], 'up', ['x2'], 10],
    ['two of two up: both', ['U/6', 'U'], 'up', ['x1', 'x2'], 10],
    ['five of one family: five', ['U', 'U', 'U', 'U', 'U'], 'up', ['x1', 'x2', 'x3', 'x4', 'x5'], 300],
    ['an endpoint without a verdict waits while another is up', ['U', '?'], 'up', ['x1'], 300],
    ['no verdict is no evidence: it does not bring a pool into panic', ['U', '?', '?', '?'], 'up', ['x1'], 300],
    ['panic serves what has no verdict too', ['U', 'D', 'D', '?'], 'panic', ['x1', 'x2', 'x3', 'x4'], 300],
    ['nothing up: what has no verdict comes before what is down', ['?', 'D', '?'], 'unknown', ['x1', 'x3'], 300],
    ['nothing up, too little without a verdict: all, as in panic', ['?', 'D', 'D'], 'unknown', ['x1', 'x2', 'x3'], 300],
    ['a drained endpoint waits while another has no verdict', ['~U', '?', 'D'], 'unknown', ['x2'], 300],
    ['a drained endpoint comes before the dead', ['~U', 'D', 'D'], 'drained', ['x1'], 300],
    ['of drained endpoints one that is up comes first', ['~?', '~U', '~D'], 'drained', ['x2'], 300],
    ['a drained endpoint without a verdict comes before the dead', ['~?', '~D', 'D'], 'drained', ['x1'], 300],
    ['drained and dead comes after dead', ['~D', 'D'], 'all-down', ['x2'], 300],
    ['all drained and dead: these', ['~D', '~D'], 'all-down', ['x1', 'x2'], 300],
    ['draining is no evidence of bad health', ['~U', '~U', '~U', 'U'], 'up', ['x4'], 300],
    ['forced up counts as up', ['!U', 'D'], 'up', ['x1'], 300],
    ['forced down is no part of the pool: one of one is up', ['!D', '!D', '!D', 'U'], 'up', ['x4'], 300],
    ['forced down is not even served when all is down', ['!D', 'D'], 'all-down', ['x2'], 300],
    ['weight 0 is never served', ['U w0', 'D'], 'all-down', ['x2'], 300],
    ['all forced down: nothing, the operator asked for it', ['!D', '!D'], 'none', [], 300],
    ['all of weight 0: nothing, the operator asked for it', ['U w0'], 'none', [], 300],
  ] as [string, string[], Decision['ground'], string[], number][])('%s', (_, endpoints, ground, labels, ttl) => {
    const decision = ask(scene({ x: endpoints }))
    expect([decision.ground, served(decision), decision.ttl, decision.empty]).toEqual([ground, labels, ttl, 'nodata'])
  })

  test('all endpoints are in the one answer, each once, when the service answers with all', () => {
    const decision = ask(scene({ x: ['U', 'U', 'U', 'U', 'U'] }))
    for (const { endpoints } of decision.variants) expect(new Set(endpoints).size).toBe(5)
  })

  test('a family without an endpoint is NODATA', () => {
    const decision = ask(scene({ x: ['U', 'U'] }), 'ipv6')
    expect([decision.variants, decision.empty, decision.ground]).toEqual([[], 'nodata', 'none'])
  })

  test('families are judged apart: dead IPv6 shortens the TTL of AAAA only, and does not fail the pool for A, since A is not served by it', () => {
    const both = scene({ x: ['U', 'U', 'D/33 v6', 'D/33 v6'], y: ['U', 'U v6'] })
    const [a, aaaa] = [ask(both), ask(both, 'ipv6')]
    expect([served(a), a.ttl]).toEqual([['x1', 'x2'], 300])
    expect([served(aaaa), aaaa.ttl]).toEqual([['y2'], 33])
  })
})

describe('on_all_down', () => {
  test.each([
    ['serve_all', ['x1', 'x2'], 'nodata'],
    ['nodata', [], 'nodata'],
    ['servfail', [], 'servfail'],
  ] as [Service['onAllDown'], string[], string][])('%s', (onAllDown, labels, empty) => {
    const decision = ask(scene({ x: ['D/20', 'D/40'] }, { onAllDown }))
    expect([decision.ground, served(decision), decision.empty, decision.ttl]).toEqual(['all-down', labels, empty, 20])
  })

  test('has no say over what an operator forced down: that is NODATA', () => {
    const decision = ask(scene({ x: ['!D'] }, { onAllDown: 'servfail' }))
    expect([decision.ground, decision.empty]).toEqual(['none', 'nodata'])
  })

  test.each(['?', '~U'])('has no say while an endpoint is %s', (text) => {
    expect(served(ask(scene({ x: ['D', text] }, { onAllDown: 'servfail' })))).toContain('x2')
  })
})

describe('primary and secondary', () => {
  test.each([
    ['primary up: its own stability only', 'U/50', 'D/10', 'p1', 50],
    ['primary down: secondary, until the primary could be back', 'D/33', 'U/90', 's1', 33],
    ['primary down: secondary, until it could fail itself', 'D/90', 'U/33', 's1', 33],
    ['both down: the primary, until either could be back', 'D/45', 'D/33', 'p1', 33],
    ['primary without a verdict: secondary', '?/20', 'U', 's1', 20],
    ['primary without a verdict, secondary down: primary', '?/20', 'D', 'p1', 20],
    ['primary drained: secondary, and the drained one limits nothing', '~U/20', 'U', 's1', 300],
    ['primary drained, secondary down: the drained one after all', '~U/20', 'D/50', 'p1', 20],
    ['primary forced down: secondary, and no check limits that', '!D', 'U', 's1', 300],
    ['primary forced down for 33 s: secondary for 33 s', '!D/33', 'U', 's1', 33],
    [
      'primary forced down, secondary down: the secondary. (gdnsd serves the primary; an operator who forces it down means it.)',
      '!D',
      'D',
      's1',
      300,
    ],
    ['primary forced down, secondary forced up: secondary', '!D', '!U', 's1', 300],
    ['primary dead but forced up: primary', '!U/19', 'U', 'p1', 19],
    ['primary has weight 0: secondary', 'U w0', 'U', 's1', 300],
  ] as [string, string, string, string, number][])('%s', (_, p, s, label, ttl) => {
    const decision = ask(scene({ p: [p], s: [s] }))
    expect([served(decision), decision.ttl]).toEqual([[label], ttl])
  })

  test('the other family does not shorten the TTL: an answer holds one family only. (gdnsd takes the least of both.)', () => {
    const day = scene({ p: ['D/86399', 'U v6'], s: ['U', 'U v6'] }, { ttl: { max: 86400, min: 10 } })
    expect([served(ask(day, 'ipv6')), ask(day, 'ipv6').ttl]).toEqual([['p2'], 86400])
    expect([served(ask(day)), ask(day).ttl]).toEqual([['s1'], 86399])
  })

  test('TTLs follow the verdicts of both', () => {
    const bounds = { ttl: { max: 77, min: 38 } }
    expect(ask(scene({ p: ['D/42'], s: ['U/41'] }, bounds)).ttl).toBe(41)
    expect(ask(scene({ p: ['U/66'], s: ['D/77'] }, bounds)).ttl).toBe(66)
    expect(ask(scene({ p: ['D/150'], s: ['U/100'] }, { ttl: { max: 120, min: 60 } })).ttl).toBe(100)
  })
})

describe('ordered sites', () => {
  test.each([
    ['the third, as the first that works', { p: ['D/60'], q: ['D/20'], r: ['U/90'] }, ['r1'], 20],
    ['later sites are not consulted', { p: ['U/50'], q: ['D/10'] }, ['p1'], 50],
    ['a site below its threshold is passed over', { p: ['U', 'D', 'D'], q: ['U', 'U'] }, ['q1', 'q2'], 300],
    ['a site within its threshold is not', { p: ['U', 'D', 'U'], q: ['U', 'U'] }, ['p1', 'p3'], 300],
    [
      'all below their thresholds: the first, health ignored',
      { p: ['U', 'D', 'D'], q: ['D', 'D', 'U'] },
      ['p1', 'p2', 'p3'],
      300,
    ],
    [
      'a dead site is passed over for one below its threshold',
      { p: ['D', 'D'], q: ['D', 'D', 'U'] },
      ['q1', 'q2', 'q3'],
      300,
    ],
    ['a name serves where addresses are down', { p: ['D/45'], q: ['U cname'] }, ['q1'], 45],
    ['all down: the first, be it a name', { p: ['D cname'], q: ['D', 'D'] }, ['p1'], 300],
    ['all down, the first drained: the second', { p: ['~D'], q: ['D', 'D'] }, ['q1', 'q2'], 300],
    ['up far away is better than unknown nearby', { p: ['?'], q: ['U'] }, ['q1'], 300],
    ['panic far away is better than unknown nearby', { p: ['?'], q: ['U', 'D', 'D'] }, ['q1', 'q2', 'q3'], 300],
    ['unknown far away is better than drained nearby', { p: ['~U'], q: ['?'] }, ['q1'], 300],
  ] as [string, Record<string, string[]>, string[], number][])('%s', (_, pools, labels, ttl) => {
    const decision = ask(scene(pools))
    expect([served(decision), decision.ttl]).toEqual([labels, ttl])
  })

  test('a whole site forced down leaves the others as they are', () => {
    expect(served(ask(scene({ p: ['!D', '!D'], q: ['U'] })))).toEqual(['q1'])
  })

  test('a pool that no group lists comes last, a tier of its own', () => {
    const steps: Step[] = [{ kind: 'failover', tiers: [[2]], trickle: 0 }]
    expect(served(ask(scene({ p: ['U'], q: ['U'], r: ['D'] }, { steps })))).toEqual(['p1'])
    expect(served(ask(scene({ p: ['D'], q: ['U'], r: ['D'] }, { steps })))).toEqual(['q1'])
    expect(served(ask(scene({ p: ['U'], q: ['U'], r: ['U'] }, { steps })))).toEqual(['r1'])
  })

  test('pools of one group serve together, and the failed ones are left out', () => {
    const steps: Step[] = [{ kind: 'failover', tiers: [[0, 1], [2]], trickle: 0 }]
    expect(served(ask(scene({ p: ['U'], q: ['U'], r: ['U'] }, { steps })))).toEqual(['p1', 'q1'])
    expect(served(ask(scene({ p: ['U'], q: ['D', 'D', 'U'], r: ['U'] }, { steps })))).toEqual(['p1'])
    expect(served(ask(scene({ p: ['D'], q: ['D', 'D', 'U'], r: ['U'] }, { steps })))).toEqual(['r1'])
    expect(served(ask(scene({ p: ['U', 'D', 'D'], q: ['D', 'D', 'U'], r: ['D'] }, { steps })))).toHaveLength(6)
  })

  test('pools of one group without a verdict serve together, the ones with too few left out', () => {
    const steps: Step[] = [{ kind: 'failover', tiers: [[0, 1]], trickle: 0 }]
    expect(served(ask(scene({ p: ['?', 'D'], q: ['?', 'D', 'D'] }, { steps })))).toEqual(['p1'])
    expect(served(ask(scene({ p: ['D'], q: ['?', 'D', 'D'] }, { steps })))).toEqual(['q1', 'q2', 'q3'])
  })
})

describe('weights', () => {
  const shares = (pool: string[], changes: Partial<Service> = {}) => {
    const decision = ask(scene({ x: pool }, { steps: weighted, answers: 1, ...changes }))
    return [decision.ground, probabilities(decision, 'anywhere'), decision.ttl]
  }

  test.each([
    ['both up: by weight', ['U w30', 'U w10'], 'up', { x1: 0.75, x2: 0.25 }, 300],
    ['the light one down: always the heavy one', ['U w30', 'D/15 w10'], 'up', { x1: 1 }, 15],
    [
      'the heavy one down: less than half is up, both by weight',
      ['D/15 w30', 'U w10'],
      'panic',
      { x1: 0.75, x2: 0.25 },
      15,
    ],
    [
      'one of four equal ones up: any of the four',
      ['D w10', 'D w10', 'D w10', 'U w10'],
      'panic',
      { x1: 0.25, x2: 0.25, x3: 0.25, x4: 0.25 },
      300,
    ],
    ['all down: by weight', ['D w30', 'D w10'], 'all-down', { x1: 0.75, x2: 0.25 }, 300],
    ['weight 0 takes no part', ['U w30', 'U w0'], 'up', { x1: 1 }, 300],
    ['names: exactly one in an answer', ['U w1 cname', 'U w3 cname'], 'up', { x1: 0.25, x2: 0.75 }, 300],
  ] as [string, string[], string, object, number][])('%s', (_, pool, ground, expected, ttl) => {
    expect(shares(pool)).toEqual([ground, expected, ttl])
  })

  test('a weighted draw over sites leaves out a dead one even where the others have little weight', () => {
    const decision = ask(scene({ p: ['D w90', 'D w90'], q: ['U w1'], r: ['U w3'] }, { steps: weighted, answers: 1 }))
    expect(probabilities(decision, 'anywhere')).toEqual({ q1: 0.25, r1: 0.75 })
  })

  test('a failed heavy endpoint fails its pool for the policy above', () => {
    expect(served(ask(scene({ p: ['D w30', 'U w10'], q: ['U'] })))).toEqual(['q1'])
  })

  test('names and addresses of several sites in one draw: one endpoint an answer, so that a CNAME stands alone', () => {
    const decision = ask(scene({ p: ['U', 'U'], q: ['U cname w2'] }, { steps: weighted }))
    expect(decision.variants.map((v) => v.endpoints.length)).toEqual([1, 1, 1])
    expect(probabilities(decision, 'first')).toEqual({ p1: 0.25, p2: 0.25, q1: 0.5 })
  })
})

describe('the nearest site', () => {
  const sites = { us: ['U'], ie: ['U'], sg: ['U', 'U v6'] }

  test.each([
    ['the first of the class', placedAt(1, 0, 2), ['ie1']],
    ['another class, another site', placedAt(2, 0, 1), ['sg1']],
    ["a client that could not be placed: the configuration's order", UNPLACED, ['us1']],
    ['sites where the service has no pool are passed over', placedAt(9, 8, 2), ['sg1']],
    ["behind the listed ones, the configuration's order", placedAt(9), ['us1']],
  ])('%s', (_, client, labels) => {
    expect(served(ask(scene(sites, { steps: nearest }), 'ipv4', client))).toEqual(labels)
  })

  test('a failed site gives way to the next of the class, then to the rest in order', () => {
    const failed = (down: string[]) =>
      scene(Object.fromEntries(['us', 'ie', 'sg'].map((s) => [s, [down.includes(s) ? 'D' : 'U']])), { steps: nearest })
    expect(served(ask(failed(['sg']), 'ipv4', placedAt(2, 1)))).toEqual(['ie1'])
    expect(served(ask(failed(['sg', 'ie']), 'ipv4', placedAt(2, 1)))).toEqual(['us1'])
    expect(served(ask(failed(['sg', 'ie', 'us']), 'ipv4', placedAt(2, 1)))).toEqual(['sg1'])
  })

  test('a site in no class (it has no coordinates) serves only when all listed ones fail. (gdnsd never chooses it: then a working site would be idle while the dead are served.)', () => {
    const steps = nearest
    expect(served(ask(scene({ nowhere: ['U'], ie: ['U'] }, { steps }), 'ipv4', placedAt(1)))).toEqual(['ie1'])
    expect(served(ask(scene({ nowhere: ['U'], ie: ['D'] }, { steps }), 'ipv4', placedAt(1)))).toEqual(['nowhere1'])
  })

  test('AAAA goes to the nearest site that has IPv6. (gdnsd answers NODATA if the nearest has none: then a client that has only IPv6 gets nothing from a service that has it.)', () => {
    expect(served(ask(scene(sites, { steps: nearest }), 'ipv6', placedAt(1, 0, 2)))).toEqual(['sg2'])
  })

  test('members are drawn by weight within the client’s site', () => {
    const steps: Step[] = [{ kind: 'nearest' }, { kind: 'weighted' }]
    const weights = scene({ us: ['U w3', 'U w1'], fr: ['U'] }, { steps, answers: 1 })
    expect(probabilities(ask(weights, 'ipv4', placedAt(0, 1)), 'first')).toEqual({ us1: 0.75, us2: 0.25 })
    expect(served(ask(weights, 'ipv4', placedAt(1, 0)))).toEqual(['fr1'])
  })

  test('failover groups hold over distance, and distance within a group', () => {
    const steps: Step[] = [{ kind: 'failover', tiers: [[0, 1], [2]], trickle: 0 }, { kind: 'nearest' }]
    expect(served(ask(scene(sites, { steps }), 'ipv4', placedAt(2, 1, 0)))).toEqual(['ie1'])
    const dead = scene({ us: ['D'], ie: ['D'], sg: ['U'] }, { steps })
    expect(served(ask(dead, 'ipv4', placedAt(0)))).toEqual(['sg1'])
  })
})

describe('dependence on the client', () => {
  test.each([
    ['nearest over several sites depends', { p: ['U'], q: ['U'] }, nearest, 'ipv4', true],
    ['nearest over one site does not', { p: ['U', 'U'] }, nearest, 'ipv4', false],
    ['nearest over the one site that has the family does not', { p: ['U'], q: ['U', 'U v6'] }, nearest, 'ipv6', false],
    ['failover does not', { p: ['U'], q: ['U'] }, [{ kind: 'failover', tiers: [[0], [1]], trickle: 0 }], 'ipv4', false],
    ['weights do not', { p: ['U'], q: ['U'] }, weighted, 'ipv4', false],
    [
      'nearest behind groups of one does not',
      { p: ['U'], q: ['U'] },
      [{ kind: 'failover', tiers: [[0], [1]], trickle: 0 }, ...nearest],
      'ipv4',
      false,
    ],
    [
      'nearest within a group does',
      { p: ['U'], q: ['U'] },
      [{ kind: 'failover', tiers: [[0, 1]], trickle: 0 }, ...nearest],
      'ipv4',
      true,
    ],
    ['all down, the nearest still depends', { p: ['D'], q: ['D'] }, nearest, 'ipv4', true],
    ['no site has the family: NODATA for everybody', { p: ['U'], q: ['U'] }, nearest, 'ipv6', false],
  ] as [string, Record<string, string[]>, Step[], Family, boolean][])('%s', (_, pools, steps, family, depends) => {
    expect(ask(scene(pools, { steps }), family).dependsOnClient).toBe(depends)
  })

  const twoViews = table(
    [0, 1].map(() => healthCell(Verdict.up, 0, STABILITY_MAX)),
    1,
  )

  test('several views make it depend, where clients are mapped', () => {
    const { service } = scene({ p: ['U'] })
    expect(ask({ service, health: twoViews }).dependsOnClient).toBe(true)
  })

  test('several views do not matter to a service without a client map: everybody has the global view', () => {
    const { service } = scene({ p: ['U'] }, { clientMap: -1 })
    expect(ask({ service, health: twoViews }).dependsOnClient).toBe(false)
  })
})

describe('views', () => {
  test("the verdict of the client's vantage steers", () => {
    const { service } = scene({ p: ['U'], q: ['U'] })
    const up = healthCell(Verdict.up, 0, 60)
    const health = table([up, up, healthCell(Verdict.down, 0, 40), up], 2)
    expect(served(decide(service, 'ipv4', { rule: -1, view: 0, sites: [], areas: [] }, health))).toEqual(['p1'])
    const seen = decide(service, 'ipv4', { rule: -1, view: 1, sites: [], areas: [] }, health)
    expect([served(seen), seen.ttl]).toEqual([['q1'], 40])
  })
})

describe('the TTL', () => {
  test.each([
    ['the time to the next change', 'U/100', 120, 60, 100],
    ['not below the minimum', 'U/4', 300, 5, 5],
    ['not below the minimum of half', 'U/10', 300, 150, 150],
    ['not above the maximum', 'U/4000', 30, 15, 30],
    ['the maximum when nothing changes', 'U', 30, 15, 30],
    ['the minimum when it could change at once', 'U/0', 30, 15, 15],
  ])('%s', (_, endpoint, max, min, ttl) => {
    expect(ask(scene({ x: [endpoint] }, { ttl: { max, min } })).ttl).toBe(ttl)
  })

  test('follows a recovery: nearer and nearer to the flip, then to the next failure', () => {
    const steps = ['D/6', 'D/4', 'D/2', 'U/4', 'U/2', 'D/6']
    expect(steps.map((x) => ask(scene({ x: [x] }, { ttl: { max: 300, min: 5 } })).ttl)).toEqual([6, 5, 5, 5, 5, 6])
  })

  test('is limited by every pool of the tier that serves, also by the failed ones', () => {
    expect(ask(scene({ p: ['U/70'], q: ['D/20'] }, { steps: weighted })).ttl).toBe(20)
  })

  test('is limited by all tiers when no pool is ok: any of them would be better', () => {
    expect(ask(scene({ p: ['U/70', 'D/80', 'D/90'], q: ['D/20'] })).ttl).toBe(20)
  })

  test('is limited by a drained endpoint only where drained endpoints could serve', () => {
    expect(ask(scene({ p: ['~D/20', '?/70'] })).ttl).toBe(70)
    expect(ask(scene({ p: ['~D/20', 'D/70'] })).ttl).toBe(20)
  })
})

describe('validUntil', () => {
  const until = (pools: Record<string, string[]>, changesAt: number[]) => {
    const { service, health } = scene(pools)
    return ask({ service, health: { ...health, changesAt: Float64Array.from(changesAt) } }).validUntil
  }

  test('is the first end of an override that was consulted', () => {
    expect(until({ p: ['!U'], q: ['U'] }, [5000, 4000])).toBe(5000)
    expect(until({ p: ['!D'], q: ['U'] }, [5000, 4000])).toBe(4000)
    expect(until({ p: ['!D'], q: ['U'] }, [5000, 6000])).toBe(5000)
    expect(until({ p: ['~U', 'U'] }, [5000, 6000])).toBe(5000)
  })

  test('is never where nothing ends, or only in a tier behind the one that serves', () => {
    expect(until({ p: ['U'], q: ['!D'] }, [Number.POSITIVE_INFINITY, 4000])).toBe(Number.POSITIVE_INFINITY)
  })

  test('counts all tiers when none is ok', () => {
    expect(until({ p: ['D'], q: ['!D'] }, [Number.POSITIVE_INFINITY, 4000])).toBe(4000)
  })
})

test('a service without pools is NODATA for the longest TTL', () => {
  const decision = ask(scene({}))
  expect([decision.variants, decision.empty, decision.ttl, decision.dependsOnClient]).toEqual([
    [],
    'nodata',
    300,
    false,
  ])
})
