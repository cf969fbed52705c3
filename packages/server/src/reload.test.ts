import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cellVerdict, Verdict } from '@windrose/steering'
import { CONFIG, inlineCompiler, openFixture, type ServerFixture } from './server.fixture.ts'

let server: ServerFixture

beforeEach(async () => {
  server = await openFixture()
})
afterEach(() => server.close())

const revision = (): string => server.reloader.current.compiled.configuration.revision

describe('a reload', () => {
  test('serves the new configuration by one published snapshot', async () => {
    const before = revision()
    server.writeConfig(CONFIG.replace('ttl: 60s', 'ttl: 90s'))
    expect(await server.reloader.reload('SIGHUP')).toEqual({ reloaded: true, changed: true, warnings: [] })
    expect(revision()).not.toBe(before)
    expect(server.published).toHaveLength(1)
    expect(server.published[0]).toBe(server.reloader.current.snapshot)
    expect(server.published[0]!.services[1]!.ttl.max).toBe(90)
    expect(server.reloader.counts.config).toEqual({ success: 1, failure: 0 })
  })

  test('lets the threads that answer make way while it compiles, and no longer, whatever comes of it', async () => {
    await server.reloader.reload('SIGHUP')
    server.writeConfig('nonsense')
    await server.reloader.reload('SIGHUP')
    await server.reloader.refreshGeography()
    expect(server.madeWay).toEqual([true, false, true, false, true, false])
  })

  test('of what has not changed says so', async () => {
    expect(await server.reloader.reload('api')).toMatchObject({ reloaded: true, changed: false })
  })

  test('takes a changed master file, too', async () => {
    const before = revision()
    writeFileSync(join(server.directory, 'gslb.zone'), `@ IN SOA ns1 h 2 1 1 1 1\n@ IN NS ns1\nns1 IN A 192.0.2.9\n`)
    await server.reloader.reload('SIGHUP')
    expect(revision()).not.toBe(before)
  })

  test('keeps the verdicts of endpoints that stay, whatever their new place; new ones are unknown', async () => {
    await server.report('192.0.2.1', Verdict.down)
    await server.report('192.0.2.2', Verdict.up)
    server.writeConfig(CONFIG.replace('iad: [192.0.2.2]', 'iad: [192.0.2.7, 192.0.2.2]'))
    await server.reloader.reload('SIGHUP')
    const { compiled, snapshot } = server.reloader.current
    const verdicts = compiled.configuration.endpoints.map(({ endpoint }) => [
      endpoint.id,
      cellVerdict(snapshot.health.cells[endpoint.index]!),
    ])
    expect(Object.fromEntries(verdicts)).toEqual({
      'web/fra/192.0.2.1': Verdict.down,
      'web/fra/2001:db8::1': Verdict.unknown,
      'web/iad/192.0.2.7': Verdict.unknown,
      'web/iad/192.0.2.2': Verdict.up,
      'plain/fra/192.0.2.3': Verdict.up,
      'plain/sin/192.0.2.4': Verdict.up,
    })
  })

  test('names the keys that wait for a restart, until they are as before', async () => {
    server.writeConfig(CONFIG.replace('127.0.0.1:5300', '127.0.0.1:5301'))
    await server.reloader.reload('SIGHUP')
    expect(server.reloader.restartNeeded).toEqual(['listen'])
    expect(server.lines).toContainEqual(expect.objectContaining({ msg: 'needs a restart to change: listen' }))
    server.writeConfig(CONFIG)
    await server.reloader.reload('SIGHUP')
    expect(server.reloader.restartNeeded).toEqual([])
  })

  test.each([
    ['store: redis, url: "redis://127.0.0.1:1"', 'health.store'],
    [`trusted_keys: { eu: "${'A'.repeat(43)}=" }`, 'health.trusted_keys'],
  ])('health: { %s } waits for a restart', async (health, key) => {
    server.writeConfig(`${CONFIG}\nhealth: { ${health} }\n`)
    await server.reloader.reload('SIGHUP')
    expect(server.reloader.restartNeeded).toEqual([key])
  })

  test.each([
    [1400, []],
    [4096, ['server.edns_payload']],
  ])(
    'a UDP response of %d octets waits for a restart only where packets have no room for it',
    async (octets, waiting) => {
      server.writeConfig(`${CONFIG}\nserver: { edns_payload: ${octets} }\n`)
      await server.reloader.reload('SIGHUP')
      expect(server.reloader.restartNeeded).toEqual(waiting)
      server.writeConfig(CONFIG)
      await server.reloader.reload('SIGHUP')
    },
  )
})

describe('a configuration with a mistake', () => {
  test('changes nothing of what is served, and is told in log, count and status', async () => {
    const before = server.reloader.current
    server.writeConfig(CONFIG.replace('policy: [{ failover: [fra, sin] }]', 'polcy: nearest'))
    const outcome = await server.reloader.reload('SIGHUP')
    expect(outcome).toMatchObject({ reloaded: false })
    expect(server.reloader.current).toBe(before)
    expect(server.published).toEqual([])
    expect(server.reloader.counts.config).toEqual({ success: 0, failure: 1 })
    expect(server.reloader.lastFailure?.problems[0]).toMatchObject({ place: { file: server.configFile } })
    expect(server.lines.some(({ msg }) => /windrose\.yaml:\d+:\d+: .*polcy/.test(String(msg)))).toBe(true)
  })

  test('is forgotten with the next good one', async () => {
    server.writeConfig('nothing')
    await server.reloader.reload('SIGHUP')
    expect(server.reloader.lastFailure).toBeDefined()
    server.writeConfig(CONFIG)
    await server.reloader.reload('SIGHUP')
    expect(server.reloader.lastFailure).toBeUndefined()
  })
})

test('reloads that are asked for at once are done one after the other', async () => {
  let running = 0
  let most = 0
  const everything = jest.spyOn(inlineCompiler, 'everything')
  everything.mockImplementation(async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    running--
    return { refusal: 'not now', problems: [] }
  })
  await Promise.all([1, 2, 3].map(() => server.reloader.reload('api')))
  everything.mockRestore()
  expect([most, server.reloader.counts.config.failure]).toEqual([1, 3])
})

describe('new databases', () => {
  test('change the maps alone: table, epochs and zones stay', async () => {
    const { snapshot } = server.reloader.current
    expect(await server.reloader.refreshGeography()).toBe(true)
    const after = server.reloader.current.snapshot
    expect(server.published).toEqual([after])
    expect(after).not.toBe(snapshot)
    expect([after.health, after.epochs, after.zones]).toEqual([snapshot.health, snapshot.epochs, snapshot.zones])
    expect(after.health).toBe(snapshot.health)
  })

  test('that cannot be used leave the maps as they are, and that is told', async () => {
    const before = server.reloader.current
    jest.spyOn(inlineCompiler, 'geography').mockResolvedValueOnce({ refusal: 'geo database x: damaged', problems: [] })
    expect(await server.reloader.refreshGeography()).toBe(false)
    expect(server.reloader.current).toBe(before)
    expect(server.reloader.lastGeoFailure?.message).toBe('geo database x: damaged')
    expect(server.reloader.counts.geo).toEqual({ success: 0, failure: 1 })
    await server.reloader.refreshGeography()
    expect(server.reloader.lastGeoFailure).toBeUndefined()
  })
})
