import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COUNTER_CELLS, Counter } from '@windrose/nameserver'
import { Verdict } from '@windrose/steering'
import type { RunningParts } from '../running-parts.ts'
import { openFixture, type ServerFixture } from '../server.fixture.ts'
import { collectMetrics, METRICS } from './collect-metrics.ts'
import { parseSnmp, parseSnmp6 } from './kernel-counters.ts'
import { printMetrics } from './print-metrics.ts'
import { STANDALONE_AGENT_METRICS } from './standalone-agent-metrics.ts'

describe('the text', () => {
  test('has a HELP and a TYPE line for each metric, and its samples in order', () => {
    const text = printMetrics([
      { name: 'a_total', type: 'counter', help: 'What it is.', samples: [{ value: 3 }] },
      {
        name: 'b',
        type: 'gauge',
        help: 'b',
        samples: [
          { labels: { x: '1', y: 2 }, value: 0.5 },
          { labels: { x: '2' }, value: Number.POSITIVE_INFINITY },
        ],
      },
    ])
    expect(text).toBe(
      '# HELP a_total What it is.\n# TYPE a_total counter\na_total 3\n' +
        '# HELP b b\n# TYPE b gauge\nb{x="1",y="2"} 0.5\nb{x="2"} +Inf\n',
    )
  })

  test('gives the samples of a histogram names of their own', () => {
    const samples = [
      { suffix: '_bucket', labels: { le: 0.5 }, value: 1 },
      { suffix: '_bucket', labels: { le: '+Inf' }, value: 2 },
      { suffix: '_sum', value: 1.25 },
      { suffix: '_count', value: 2 },
    ] as const
    expect(printMetrics([{ name: 'a_seconds', type: 'histogram', help: 'a', samples }])).toBe(
      '# HELP a_seconds a\n# TYPE a_seconds histogram\n' +
        'a_seconds_bucket{le="0.5"} 1\na_seconds_bucket{le="+Inf"} 2\na_seconds_sum 1.25\na_seconds_count 2\n',
    )
  })

  test('leaves out what has no sample', () => {
    expect(printMetrics([{ name: 'a', type: 'gauge', help: 'a', samples: [] }])).toBe('')
  })

  test('escapes what would end a label or a line', () => {
    const samples = [{ labels: { x: 'a"b\\c\nd' }, value: 1 }]
    expect(printMetrics([{ name: 'a', type: 'gauge', help: 'h\\i\nj', samples }])).toBe(
      '# HELP a h\\\\i\\nj\n# TYPE a gauge\na{x="a\\"b\\\\c\\nd"} 1\n',
    )
  })
})

describe('every metric', () => {
  const documented = (): Map<string, string> => {
    const text = readFileSync(join(__dirname, '../../../../docs/metrics.md'), 'utf8')
    return new Map([...text.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, type]) => [name!, type!]))
  }

  const all = [...new Map([...METRICS, ...STANDALONE_AGENT_METRICS].map((metric) => [metric.name, metric])).values()]

  test('is in docs/metrics.md with its type, and no other is', () => {
    expect(documented()).toEqual(new Map(all.map(({ name, type }) => [name, type])))
  })

  test('has a name as Prometheus wants it, once', () => {
    for (const { name, type, help } of all) {
      expect(name).toMatch(/^(windrose|process)_[a-z_]+$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(help).toMatch(/^\S.*\.$|^1, with/)
    }
    for (const metrics of [METRICS, STANDALONE_AGENT_METRICS])
      expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length)
  })
})

describe('the numbers', () => {
  let server: ServerFixture
  const lines = (parts: RunningParts): string[] => printMetrics(collectMetrics(parts)).split('\n')

  beforeEach(async () => {
    server = await openFixture()
  })
  afterEach(() => server.close())

  test('are the sums over the threads', () => {
    const thread = (name: string, cells: Partial<Record<keyof typeof Counter, number>>) => {
      const counters = new Float64Array(COUNTER_CELLS)
      for (const [cell, value] of Object.entries(cells)) counters[Counter[cell as keyof typeof Counter]] = value
      counters[Counter.rcodes + 3] = 2
      return { name, counters, restarts: 1, kernelDrops: 4, sendFailures: 0, heartbeat: 1 }
    }
    const threads = [
      thread('tcp', { queriesTcp4: 1 }),
      thread('udp-0', { queriesUdp4: 5, queriesTcp4: 2, truncated: 7 }),
    ]
    const answering = {
      publish: () => undefined,
      makeWay: () => undefined,
      addresses: [],
      transport: { name: 'mmsg' as const, reason: 'self-test passed' },
      threads: () => threads,
      load: () => ({ pools: [{ service: 'web', site: 'fra', answers: 2.5 }], classes: [] }),
      stop: async () => undefined,
    }
    expect(lines({ ...server, answering: () => answering })).toEqual(
      expect.arrayContaining([
        'windrose_dns_queries_total{transport="tcp",family="ipv4"} 3',
        'windrose_dns_queries_total{transport="udp",family="ipv4"} 5',
        'windrose_dns_truncated_total 7',
        'windrose_dns_responses_total{rcode="NXDOMAIN"} 4',
        'windrose_dns_responses_total{rcode="NOERROR"} 0',
        'windrose_udp_transport_info{transport="mmsg",reason="self-test passed"} 1',
        'windrose_udp_kernel_drops_total{thread="udp-0"} 4',
        'windrose_steered_answers_total{service="web",site="fra"} 2.5',
      ]),
    )
  })

  test('tell of an endpoint what steering acts on, and what the checks say', async () => {
    await server.report('192.0.2.1', Verdict.down)
    await server.store.putOverride({
      id: 'a',
      target: { kind: 'endpoint', service: 'web', site: 'fra', endpoint: '192.0.2.1' },
      action: 'up',
      reason: 'x',
      author: 'alice',
      createdAt: 1,
    })
    await new Promise((resolve) => setImmediate(resolve))
    const labels = 'service="web",site="fra",endpoint="192.0.2.1"'
    expect(lines(server)).toEqual(
      expect.arrayContaining([
        `windrose_endpoint_up{${labels}} 1`,
        `windrose_endpoint_forced{${labels}} 1`,
        `windrose_endpoint_drained{${labels}} 0`,
        `windrose_endpoint_verdict{${labels},verdict="down"} 1`,
        `windrose_endpoint_verdict{${labels},verdict="up"} 0`,
        'windrose_overrides{action="up"} 1',
        'windrose_transitions_total 2',
      ]),
    )
  })

  test('tell of a reload that failed', async () => {
    const { revision } = server.reloader.current.compiled.configuration
    server.writeConfig('x')
    await server.reloader.reload('api')
    expect(lines(server)).toEqual(
      expect.arrayContaining([
        'windrose_config_reloads_total{result="failure"} 1',
        'windrose_config_last_reload_successful 0',
        `windrose_config_info{revision="${revision}"} 1`,
        'windrose_event_loop_lag_seconds{thread="main"} 0.25',
      ]),
    )
  })
})

test('the kernel\u2019s UDP errors are read by name, wherever they stand', () => {
  const snmp =
    'Tcp: a InErrors\nTcp: 1 9\nUdp: InDatagrams InErrors X RcvbufErrors\nUdp: 10 3 5 2\nUdpLite: InErrors\nUdpLite: 8\n'
  expect(parseSnmp(snmp)).toEqual([{ family: 'ipv4', errors: 3, bufferErrors: 2 }])
  expect(parseSnmp('nothing')).toEqual([])
  expect(parseSnmp6('Udp6InErrors   \t7\nUdp6RcvbufErrors    \t6\n')).toEqual([
    { family: 'ipv6', errors: 7, bufferErrors: 6 },
  ])
  expect(parseSnmp6('')).toEqual([])
})
