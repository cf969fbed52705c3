import {
  DEGRADED,
  DRAINED,
  FORCED,
  type HealthTable,
  healthCell,
  RAMP_SHIFT,
  STABILITY_MAX,
  STALE,
  Verdict,
} from '@windrose/steering'
import { CHECK_DEFAULTS, type Check } from './check.ts'
import { endpointStatuses, type Situation } from './endpoint-status.ts'
import type { ProbedEndpoint } from './endpoint-verdict.ts'
import { fillTable } from './fill-table.ts'
import { type HealthState, healthStateOf } from './health-state.ts'
import type { Override } from './override.ts'
import { makeProbeTarget } from './probe-target.ts'
import { UNSEEN, type ViewState } from './target-state.ts'

const { unknown, up, down } = Verdict
const endpointStatus = (endpoint: ProbedEndpoint, situation: Situation) => endpointStatuses([endpoint], situation)[0]!
const check: Check = { ...CHECK_DEFAULTS, name: 'port', type: 'tcp', port: 80, timeoutMs: 1000 }
const first = makeProbeTarget('192.0.2.1', 'ipv4', check)
const second = makeProbeTarget('192.0.2.2', 'ipv4', check)
const endpoints: ProbedEndpoint[] = [
  { index: 0, id: 'web/fra/192.0.2.1', targets: [first] },
  { index: 1, id: 'web/fra/192.0.2.2', targets: [second] },
  { index: 2, id: 'api/fra/192.0.2.1', targets: [first] },
  { index: 3, id: 'api/iad/192.0.2.9', targets: [] },
]

function emptyTable(): HealthTable {
  return {
    cells: new Uint32Array(4),
    endpoints: 4,
    changesAt: new Float64Array(4).fill(Number.POSITIVE_INFINITY),
    held: new Uint8Array(4),
    roundTrips: new Uint32Array(4),
    vantages: [],
  }
}

function verdictsOf(firstStanding: Partial<ViewState>, secondStanding: Partial<ViewState> = {}): HealthState {
  const row = (change: Partial<ViewState>) => ({ global: { ...UNSEEN, ...change }, vantages: new Map() })
  return healthStateOf(
    new Map([
      [first.id, row(firstStanding)],
      [second.id, row(secondStanding)],
    ]),
  )
}

const forced: Override = {
  id: 'o1',
  target: { kind: 'pool', service: 'web', site: 'fra' },
  action: 'down',
  reason: 'cooling works',
  author: 'kim',
  createdAt: 1,
}
const upFor30 = { verdict: up, stability: 30, reason: 'connected' }
const downFor20 = { verdict: down, stability: 20, reason: 'connection refused' }

describe('the health table', () => {
  test('holds the verdict of every endpoint, shared targets and unchecked endpoints included', () => {
    const table = emptyTable()
    fillTable(table, endpoints, { verdicts: verdictsOf(upFor30, downFor20), overrides: [], timeMs: 1 })
    expect([...table.cells]).toEqual([
      healthCell(up, 0, 30),
      healthCell(down, 0, 20),
      healthCell(up, 0, 30),
      healthCell(up, 0, STABILITY_MAX),
    ])
  })

  test('tells which endpoints changed, and nothing the second time', () => {
    const table = emptyTable()
    const situation = { verdicts: verdictsOf(upFor30), overrides: [], timeMs: 1 }
    expect(fillTable(table, endpoints, situation).changed).toEqual([0, 2, 3])
    expect(fillTable(table, endpoints, situation)).toEqual({ changed: [], transitions: [] })
    const shorter = { ...situation, verdicts: verdictsOf({ ...upFor30, stability: 20 }) }
    expect(fillTable(table, endpoints, shorter)).toEqual({ changed: [0, 2], transitions: [] })
  })

  test('tells transitions with their reason', () => {
    const table = emptyTable()
    fillTable(table, endpoints, { verdicts: verdictsOf(upFor30, upFor30), overrides: [], timeMs: 1 })
    const { transitions } = fillTable(table, endpoints, {
      verdicts: verdictsOf(downFor20, upFor30),
      overrides: [{ ...forced, target: { kind: 'site', site: 'iad' } }],
      timeMs: 9,
    })
    expect(transitions).toEqual([
      { endpoint: 'web/fra/192.0.2.1', from: 'up', to: 'down', at: 9, reason: 'connection refused' },
      { endpoint: 'api/fra/192.0.2.1', from: 'up', to: 'down', at: 9, reason: 'connection refused' },
      { endpoint: 'api/iad/192.0.2.9', from: 'up', to: 'down', at: 9, reason: 'forced down by kim: cooling works' },
    ])
  })

  test('an override that comes to end in time is a change, also when the cell stays', () => {
    const table = emptyTable()
    const situation = { verdicts: verdictsOf(upFor30, upFor30), overrides: [forced], timeMs: 1 }
    fillTable(table, endpoints, situation)
    const ending = { ...situation, overrides: [{ ...forced, expiresAt: 500 }] }
    expect(fillTable(table, endpoints, ending)).toEqual({ changed: [0, 1], transitions: [] })
    expect([...table.changesAt]).toEqual([500, 500, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    const ended = fillTable(table, endpoints, { ...ending, timeMs: 500 })
    expect(ended.changed).toEqual([0, 1])
    expect(ended.transitions).toMatchObject([{ to: 'up' }, { to: 'up' }])
    expect(table.changesAt[0]).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('an endpoint under an override', () => {
  test.each([
    ['nothing', undefined, upFor30, healthCell(up, 0, 30)],
    ['down', 'down', upFor30, healthCell(down, FORCED, STABILITY_MAX)],
    ['up', 'up', downFor20, healthCell(up, FORCED, STABILITY_MAX)],
    ['up, where nothing is known', 'up', {}, healthCell(up, FORCED, STABILITY_MAX)],
    ['drain', 'drain', upFor30, healthCell(up, DRAINED, 30)],
    ['drain, where it is down anyway', 'drain', downFor20, healthCell(down, DRAINED, 20)],
    ['drain, where nothing is known', 'drain', {}, healthCell(unknown, DRAINED, 0)],
    ['nothing, degraded', undefined, { ...upFor30, degraded: true }, healthCell(up, DEGRADED, 30)],
    ['nothing, stale', undefined, { ...upFor30, stale: true }, healthCell(up, STALE, 30)],
    [
      'down, degraded and stale',
      'down',
      { ...upFor30, degraded: true, stale: true },
      healthCell(down, FORCED, STABILITY_MAX),
    ],
  ] as const)('of %s', (_, action, standing, cell) => {
    const overrides = action === undefined ? [] : [{ ...forced, action }]
    const status = endpointStatus(endpoints[0]!, { verdicts: verdictsOf(standing), overrides, timeMs: 1 })
    expect(status.cell).toBe(cell)
    expect(status.changesAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('shows both what is in force and what the checks say', () => {
    const status = endpointStatus(endpoints[0]!, {
      verdicts: verdictsOf(downFor20),
      overrides: [{ ...forced, action: 'up' }],
      timeMs: 1,
    })
    expect(status).toMatchObject({
      effective: up,
      drained: false,
      reason: 'forced up by kim: cooling works',
      real: downFor20,
      override: { id: 'o1' },
    })
  })

  test('a drain keeps the verdict and the reason of the checks', () => {
    const status = endpointStatus(endpoints[0]!, {
      verdicts: verdictsOf(upFor30),
      overrides: [{ ...forced, action: 'drain' }],
      timeMs: 1,
    })
    expect(status).toMatchObject({ effective: up, drained: true, reason: 'connected' })
  })
})

describe('the views of the table', () => {
  const vantages = ['eu', 'us']
  const only = endpoints.slice(0, 1)
  const tableOf = (): HealthTable => ({
    cells: new Uint32Array(12),
    endpoints: 4,
    changesAt: new Float64Array(4).fill(Number.POSITIVE_INFINITY),
    held: new Uint8Array(4),
    roundTrips: new Uint32Array(4),
    vantages: [],
  })
  const situationOf = (global: Partial<ViewState>, eu: Partial<ViewState>, timeMs = 1) => ({
    verdicts: healthStateOf(
      new Map([[first.id, { global: { ...UNSEEN, ...global }, vantages: new Map([['eu', { ...UNSEEN, ...eu }]]) }]]),
    ),
    overrides: [] as readonly Override[],
    vantages,
    timeMs,
  })
  const rowsOf = ({ cells }: HealthTable) => [cells[0], cells[4], cells[8]]

  test('are rows beside the global one; one that does not know shows the global verdict, and promises nothing', () => {
    const table = tableOf()
    fillTable(table, only, situationOf(upFor30, downFor20))
    expect(rowsOf(table)).toEqual([healthCell(up, 0, 30), healthCell(down, 0, 20), healthCell(up, 0, 0)])
    fillTable(table, only, situationOf(upFor30, { ...downFor20, stale: true }))
    expect(rowsOf(table)).toEqual([healthCell(up, 0, 30), healthCell(up, 0, 0), healthCell(up, 0, 0)])
  })

  test('that change make the endpoint one that changed, and their transitions name the vantage', () => {
    const table = tableOf()
    fillTable(table, only, situationOf(upFor30, upFor30))
    expect(fillTable(table, only, situationOf(upFor30, downFor20, 9))).toEqual({
      changed: [0],
      transitions: [
        { endpoint: 'web/fra/192.0.2.1', vantage: 'eu', from: 'up', to: 'down', at: 9, reason: 'connection refused' },
      ],
    })
  })

  test('that only follow the global one tell no transition of their own', () => {
    const table = tableOf()
    fillTable(table, only, situationOf(upFor30, upFor30))
    const { transitions } = fillTable(table, only, situationOf(downFor20, downFor20))
    expect(transitions.map(({ vantage }) => vantage)).toEqual([undefined])
  })

  test('are all under an override', () => {
    const table = tableOf()
    fillTable(table, only, { ...situationOf(upFor30, upFor30), overrides: [forced] })
    expect(new Set(rowsOf(table))).toEqual(new Set([healthCell(down, FORCED, STABILITY_MAX)]))
  })

  test('leave the rows alone that the table does not have', () => {
    const table = emptyTable()
    expect(fillTable(table, only, situationOf(upFor30, downFor20)).changed).toEqual([0])
    expect([...table.cells]).toEqual([healthCell(up, 0, 30), 0, 0, 0])
  })

  test('say with the global one when time alone changes something, unless an override is in force over it', () => {
    const table = tableOf()
    const ramping = situationOf({ ...upFor30, ramp: 2, rampAt: 700 }, { ...upFor30, reviewAt: 600 })
    fillTable(table, only, ramping)
    expect(table.changesAt[0]).toBe(600)
    expect(table.cells[0]).toBe(healthCell(up, 2 << RAMP_SHIFT, 30))
    fillTable(table, only, { ...ramping, overrides: [forced] })
    expect(table.changesAt[0]).toBe(Number.POSITIVE_INFINITY)
  })

  test('show no ramp while it is down', () => {
    const table = tableOf()
    fillTable(table, only, situationOf({ ...downFor20, ramp: 2, rampAt: 700 }, {}))
    expect(table.cells[0]).toBe(healthCell(down, 0, 20))
  })
})
