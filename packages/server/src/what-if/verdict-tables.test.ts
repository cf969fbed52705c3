import { type Override, SINGLE_AGENT } from '@windrose/health'
import { cellVerdict, DRAINED, FORCED, Verdict } from '@windrose/steering'
import {
  allUp,
  assume,
  type CheckedEndpoints,
  carryOver,
  forcedAmong,
  type Judged,
  underOverrides,
} from './verdict-tables.ts'

/** Endpoints by id, in the order of the table; vantages have views of their own. */
function judged(ids: readonly string[], vantages: readonly string[] = []): Judged {
  return {
    services: [],
    endpoints: ids.map((id, index) => ({ endpoint: { index, id } })),
    health: {
      rules: SINGLE_AGENT,
      vantages: vantages.map((name) => ({ name })),
      views: vantages.length > 0 ? 'on' : 'off',
    },
  } as unknown as Judged
}

const FRA = 'web/fra/192.0.2.1'
const IAD = 'web/iad/192.0.2.2'
const SIN = 'web/sin/192.0.2.3'

/** Rows of views, each with the verdicts of the endpoints. */
function words({ configuration, health }: CheckedEndpoints): string[] {
  const { endpoints } = configuration
  return Array.from({ length: health.cells.length / endpoints.length }, (_, view) =>
    endpoints
      .map(({ endpoint }) => {
        const cell = health.cells[view * endpoints.length + endpoint.index]!
        const verdict = ['unknown', 'up', 'down'][cellVerdict(cell)]!
        return `${verdict}${(cell & DRAINED) === 0 ? '' : ' drained'}${(cell & FORCED) === 0 ? '' : ' forced'}`
      })
      .join(', '),
  )
}

const site = (name: string, verdict: typeof Verdict.up | typeof Verdict.down) => ({
  target: { kind: 'site', site: name } as const,
  verdict,
})
const override = (action: Override['action'], target: Override['target'], createdAt = 1): Override => ({
  id: `${action}-${createdAt}`,
  target,
  action,
  reason: '',
  author: '',
  createdAt,
})

test('verdicts are assumed in every view, the last one wins', () => {
  const table = allUp(judged([FRA, IAD], ['eu', 'us']))
  expect(words(table)).toEqual(['up, up', 'up, up', 'up, up'])
  expect(words(assume(table, [site('fra', Verdict.down)]))).toEqual(['down, up', 'down, up', 'down, up'])
  expect(words(assume(table, [site('fra', Verdict.down), site('*', Verdict.up)]))).toEqual(words(table))
})

test('what is tried leaves the table that it began with alone', () => {
  const table = allUp(judged([FRA, IAD]))
  assume(table, [site('fra', Verdict.down)])
  underOverrides(table, [override('down', { kind: 'site', site: 'fra' })], 5)
  expect(words(table)).toEqual(['up, up'])
})

test('overrides lie over verdicts: the most specific, and of equal ones the last', () => {
  const configuration = judged([FRA, IAD])
  const table = assume(allUp(configuration), [site('fra', Verdict.down)])
  const under = (...overrides: Override[]): string[] =>
    words({ configuration, health: underOverrides(table, overrides, 5) })
  expect(under()).toEqual(['down, up'])
  expect(under(override('drain', { kind: 'site', site: '*' }))).toEqual(['down drained, up drained'])
  const up = override('up', { kind: 'pool', service: 'web', site: 'fra' })
  expect(under(up, override('drain', { kind: 'site', site: 'fra' }, 2))).toEqual(['up forced, up'])
  const ended = { ...override('down', { kind: 'site', site: 'iad' }), expiresAt: 4 }
  expect(under(ended)).toEqual(['down, up'])
})

test('endpoints of one id keep their verdicts in another configuration, new ones are up and listed', () => {
  const table = assume(allUp(judged([FRA, IAD], ['eu'])), [site('iad', Verdict.down)])
  table.health.cells[2] = table.health.cells[1]!
  table.health.roundTrips[2] = 1500
  table.health.held[1] = 1
  expect(words(table)).toEqual(['up, down', 'down, down'])
  const other = carryOver(table, judged([SIN, IAD, FRA], ['us', 'eu']))
  expect(words(other)).toEqual(['up, down, up', 'up, down, up', 'up, down, down'])
  expect([...other.health.roundTrips]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1500])
  expect([...other.health.held]).toEqual([0, 1, 0])
  expect(other.unknown).toEqual([SIN])
})

test('endpoints are named that an override forces', () => {
  const configuration = judged([FRA, IAD])
  const health = underOverrides(allUp(configuration), [override('up', { kind: 'service', service: 'web' })], 5)
  expect(forcedAmong(configuration, health, [{ kind: 'site', site: 'fra' }])).toEqual([FRA])
  expect(forcedAmong(configuration, allUp(configuration).health, [{ kind: 'site', site: 'fra' }])).toEqual([])
})
