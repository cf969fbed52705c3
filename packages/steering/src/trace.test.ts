import { UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import type { Stage } from './decision.ts'
import { placedAt, type Scene, scene } from './scenes.arbitraries.ts'

function told({ service, health }: Scene, stage: Stage, client = UNPLACED): string[] {
  return decide(service, 'ipv4', client, health)
    .trace.filter((line) => line.stage === stage)
    .map((line) => line.text)
}

test('a failure next door is told from the client to the TTL', () => {
  const { service, health } = scene(
    { fra: ['D/12', 'U', 'D', 'U v6'], iad: ['U w3', 'U'], sin: ['U v6'] },
    { steps: [{ kind: 'nearest' }], answers: 1, ttl: { max: 30, min: 15 } },
  )
  const { trace } = decide(service, 'ipv4', { rule: 2, view: 0, sites: [0, 1], areas: [] }, health)
  expect(trace.map((line) => `${line.stage}: ${line.text}`)).toEqual([
    'client: the global view applies',
    "area: rule 2; sites: fra, iad, then the configuration's order",
    'candidates: fra: fra1, fra2, fra3',
    'candidates: iad: iad1, iad2',
    'candidates: sin: no IPv4 endpoint',
    'eligible: fra: 1 of 3 up',
    'eligible: fra: fra1, fra3 dropped: down',
    'eligible: iad: 2 of 2 up',
    'panic: fra has 1 of 3 up (weight 1 of 3 < 0.5): its health is ignored and it counts as failed',
    'tier: nearest: 1. fra; 2. iad',
    'tier: tier 1 is passed over: fra too little up',
    'tier: tier 2 (iad) serves: it is the first with enough up',
    'spill: no load is moved to another site',
    expect.stringMatching(
      /^order: by hash: iad(1 \(weight 3\), iad2 \(weight 1\)|2 \(weight 1\), iad1 \(weight 3\)); drawn by weight$/,
    ),
    expect.stringMatching(/^answers: 1 of 2 \(answers: 1\): (75 % iad1, 25 % iad2|25 % iad2, 75 % iad1)$/),
    'ttl: 15 s: fra1 could change in 12 s, bounds 15..30',
    'ttl: another client could get another answer',
  ])
})

describe('the trace says', () => {
  test.each([
    ['!U', 'kept: forced up'],
    ['!D', 'dropped: forced down'],
    ['~U', 'dropped: drained, up'],
    ['~D', 'dropped: drained, down'],
    ['?', 'dropped: unknown'],
    ['U w0', 'dropped: weight 0'],
  ])('of an endpoint %s: %s', (text, remark) => {
    expect(told(scene({ fra: [text, 'U'] }), 'eligible')).toContain(`fra: fra1 ${remark}`)
  })

  test.each([
    ['all is well', { fra: ['U'] }, 'no pool has less than 0.5 of its weight up'],
    ['nothing is up', { fra: ['D'] }, 'fra has nothing up: it counts as failed'],
    [
      'nothing is known',
      { fra: ['?'] },
      'fra has nothing up and not all down: it comes after every pool that has something up',
    ],
    ['all is drained', { fra: ['~U'] }, 'fra has nothing in service: all of it is drained, forced down or on standby'],
  ] as [string, Record<string, string[]>, string][])('that %s', (_, pools, text) => {
    expect(told(scene(pools), 'panic')).toEqual([text])
  })

  test.each([
    ['panic', ['U', 'D', 'D'], 'tier 1 (fra) serves: no tier has enough up, and it is the first with anything up'],
    [
      'unknown',
      ['?'],
      'tier 1 (fra) serves: nothing is up, and it is the first with endpoints that have no verdict yet',
    ],
    [
      'drained',
      ['~U'],
      'tier 1 (fra) serves: nothing is up or unknown, and it is the first with drained endpoints that are not down',
    ],
    ['all-down', ['D'], 'tier 1 (fra) serves: everything is down, and it is the first'],
    ['none', ['!D'], 'no tier may serve: every candidate is forced down'],
  ])('why a tier serves on the ground %s', (_, fra, text) => {
    expect(told(scene({ fra }), 'tier')[1]).toBe(text)
  })

  test('what on_all_down made of it', () => {
    const dead = scene({ fra: ['D'] }, { onAllDown: 'servfail' })
    expect(told(dead, 'tier')).toContain('on_all_down is servfail: nothing is answered')
    expect(told(dead, 'answers')).toEqual(['none: the answer is SERVFAIL'])
  })

  test.each([
    ['a rule', { rule: 3, view: 0, sites: [], areas: [] }, "rule 3; sites: the configuration's order"],
    ['the database', placedAt(1, 8), "placed by the database; sites: iad, site 8, then the configuration's order"],
    ['nothing', UNPLACED, "not placed: area default; sites: the configuration's order"],
  ])('that the client was placed by %s', (_, client, text) => {
    expect(told(scene({ fra: ['U'], iad: ['U'] }), 'area', client)).toEqual([text])
  })

  test('no more than the first eight of a long list', () => {
    const many = scene({ fra: Array<string>(20).fill('U') }, { answers: 2 })
    expect(told(many, 'candidates')[0]).toBe('fra: fra1, fra2, fra3, fra4, fra5, fra6, fra7, fra8 and 12 more')
  })

  test('that a name stands alone', () => {
    expect(told(scene({ fra: ['U'] }, { answers: Number.POSITIVE_INFINITY }), 'answers')).toEqual([
      '1 of 1 (answers: all): 100 % fra1',
    ])
    expect(told(scene({ fra: ['U cname'] }, { answers: 2 }), 'answers')).toEqual([
      '1 of 1 (a name stands alone): 100 % fra1',
    ])
  })

  test('which vantage sees for the client', () => {
    const { service, health } = scene({ fra: ['U'] })
    const views = { ...health, cells: Uint32Array.from([...health.cells, ...health.cells]), vantages: ['eu-west'] }
    expect(told({ service, health: views }, 'client', { ...UNPLACED, view: 1 })).toEqual([
      'the view of vantage eu-west applies',
    ])
    expect(told({ service, health: views }, 'client', { ...UNPLACED, view: 2 })).toEqual([
      'the global view applies: the health table knows none of its vantage',
    ])
  })
})
