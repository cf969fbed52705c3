import { STANDALONE_AGENT_METRICS } from '../../packages/server/src/metrics/standalone-agent-metrics.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, redisAt } from '../support/fleet.ts'
import { eventually, windrose } from '../support/processes.ts'
import { NAMESPACE, TestAgent } from '../support/test-agent.ts'

jest.setTimeout(60_000)

const FRA = '127.0.8.10'
const IAD = '127.0.9.10'
const WEB = `
services:
  web: { policy: nearest, checks: [http], pools: { fra: [${FRA}], iad: [${IAD}] } }
`

describe('an agent with --metrics', () => {
  let fleet: Fleet
  let redis: RedisServer
  let agent: TestAgent
  let base: string
  let command: readonly string[]

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD])
    command = ['agent', '--name', 'eu-1', '--vantage', 'eu', '--store', redis.url, '--namespace', NAMESPACE]
    agent = new TestAgent('eu-1', 'eu', redis.url, { metrics: '127.0.0.1:0' })
    fleet.agents.set('eu-1', agent)
    const output = await eventually(
      () => agent.output,
      (text) => /metrics at http:/.test(text),
    )
    base = /metrics at (http:\S+)\/metrics/.exec(output)![1]!
  })

  afterAll(async () => {
    await fleet.stop()
    await redis.stop()
  })

  const ready = async () => {
    const response = await fetch(`${base}/readyz`)
    return { status: response.status, ...((await response.json()) as { ready: boolean; waitingFor: string[] }) }
  }
  /** Every sample by its name and labels as they stand. */
  const scrape = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`${base}/metrics`)).text()
    return new Map([...text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]))
  }

  test('lives, but is not ready before a server says what to probe', async () => {
    expect((await fetch(`${base}/livez`)).status).toBe(200)
    const { status, waitingFor } = await eventually(ready, ({ waitingFor: all }) => all.length === 1)
    expect([status, waitingFor]).toEqual([503, ['its checks: no server has said yet what to probe']])
  })

  test('tells Prometheus what it probes and what became of it', async () => {
    await fleet.addServer(WEB)
    await eventually(ready, ({ status }) => status === 200)
    await fleet.origins.get(IAD)!.close()
    const samples = await eventually(
      scrape,
      (all) => all.get('windrose_agent_probes_total{check="http",outcome="failure"}')! > 0,
    )
    expect(Object.fromEntries(samples)).toMatchObject({
      'windrose_agent_info{agent="eu-1",vantage="eu"}': 1,
      'windrose_agent_targets{check="http"}': 2,
      windrose_agent_isolated: 0,
      windrose_agent_lease_held: 1,
      windrose_agent_incarnation: 1,
      'windrose_store_up{store="redis"}': 1,
      'windrose_agent_probes_skipped_total{check="http",reason="max_rate"}': 0,
    })
    const value = (name: string): number => samples.get(name)!
    const success = value('windrose_agent_probes_total{check="http",outcome="success"}')
    const failure = value('windrose_agent_probes_total{check="http",outcome="failure"}')
    expect(success).toBeGreaterThan(0)
    const duration = 'windrose_agent_probe_duration_seconds'
    const buckets = [...samples].filter(([name]) => name.startsWith(`${duration}_bucket{type="http",`))
    const counts = buckets.map(([, count]) => count)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(buckets.at(-1)).toEqual([`${duration}_bucket{type="http",le="+Inf"}`, success + failure])
    expect(value(`${duration}_count{type="http"}`)).toBe(success + failure)
    expect(value(`${duration}_sum{type="http"}`)).toBeGreaterThan(0)
    expect(value('windrose_agent_publish_age_seconds')).toBeLessThan(60)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(2 ** 24)
    expect(value('process_open_fds')).toBeLessThan(value('process_max_fds'))
  })

  test('has every metric of the documents', async () => {
    const text = await (await fetch(`${base}/metrics`)).text()
    for (const { name, type } of STANDALONE_AGENT_METRICS) expect(text).toContain(`# TYPE ${name} ${type}\n`)
  })

  test('answers nothing else', async () => {
    const response = await fetch(`${base}/api/v1/status`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('/metrics, /livez and /readyz') })
  })

  test('does not start a second time on its port, and leaves the first one its name', async () => {
    const { code, output } = await windrose(...command, '--metrics', base.slice('http://'.length))
    expect(output).toMatch(/cannot open the metrics on 127\.0\.0\.1:\d+: another program has this port .* "--metrics"/)
    expect(code).toBe(3)
    expect(agent.process.exitCode).toBeNull()
    expect((await scrape()).get('windrose_agent_incarnation')).toBe(1)
  })

  test('is refused an address that is none', async () => {
    const { code, output } = await windrose(...command, '--metrics', '9153')
    expect([code, output]).toEqual([1, expect.stringContaining('--metrics: "9153" is not an address and a port')])
  })

  test('says that the store is gone, and goes on telling', async () => {
    await redis.stop()
    const { status, waitingFor } = await eventually(ready, ({ status: code }) => code === 503)
    expect(status).toBe(503)
    expect(waitingFor).toEqual([expect.stringMatching(/^its lease: the store is out of reach: .+/)])
    expect(Object.fromEntries(await scrape())).toMatchObject({
      'windrose_store_up{store="redis"}': 0,
      windrose_agent_lease_held: 0,
      'windrose_agent_targets{check="http"}': 2,
    })
  })
})
