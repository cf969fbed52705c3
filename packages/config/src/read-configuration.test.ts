import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { printProblem, printProblems } from './print-problem.ts'
import { readConfiguration } from './read-configuration.ts'
import { listProblems, readWritten, ZONE_FILE } from './written-configuration.arbitraries.ts'

const EXAMPLE = join(__dirname, 'fixtures/windrose.yaml')

describe('the example', () => {
  test('is right, without a warning', async () => {
    const { problems } = await readConfiguration(EXAMPLE)
    expect(printProblems(problems)).toBe('')
  })

  test('is compiled whole', async () => {
    const { configuration } = await readConfiguration(EXAMPLE)
    expect(configuration).toMatchObject({
      file: EXAMPLE,
      listen: [
        { address: '127.0.0.1', family: 4, port: 5300 },
        { address: '::1', family: 6, port: 5300 },
      ],
      sites: [
        {
          name: 'fra',
          latitude: 50.11,
          longitude: 8.68,
          country: 'DE',
          capacity: { value: 4000, target: 0.8, low: 0.65 },
          riskGroups: [],
        },
        { name: 'iad', latitude: 38.95, longitude: -77.45, country: 'US', riskGroups: [] },
        { name: 'sin', latitude: 1.35, longitude: 103.99, country: 'SG', riskGroups: [] },
      ],
      services: [
        {
          name: 'web',
          index: 0,
          answers: 2,
          panic: 0.5,
          onAllDown: 'serve_all',
          ttl: { max: 30, min: 15 },
          clientMap: 0,
        },
      ],
      control: { address: '127.0.0.1', family: 4, port: 8053 },
      server: { udpThreads: 1, settings: { udpPayload: 1232, clientSubnet: true, tcpKeepalive: 100 } },
      stateDir: '/var/lib/windrose',
      health: { store: { kind: 'memory' }, vantages: [], views: 'off' },
      log: { level: 'info' },
    })
    expect(configuration?.geo.rules).toHaveLength(1)
    expect(configuration?.geo.databases).toHaveLength(1)
    expect(configuration?.files).toEqual([EXAMPLE, join(__dirname, 'fixtures/zones/gslb.example.com.zone')])
  })

  test('has one row of the health table for each endpoint, and one target for each thing to probe', async () => {
    const { configuration } = await readConfiguration(EXAMPLE)
    const { endpoints, probeTargets, services } = configuration!
    expect(endpoints.map(({ endpoint }) => endpoint.index)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(endpoints.map(({ endpoint }) => endpoint)).toEqual(services[0]!.pools.flatMap((pool) => pool.endpoints))
    expect(endpoints.map(({ site }) => site)).toEqual([0, 0, 0, 1, 1, 2, 2])
    expect(endpoints.map(({ endpoint }) => endpoint.weight)).toEqual([1, 1, 1, 1, 1, 3, 1])
    expect(endpoints[2]!.endpoint).toMatchObject({
      id: 'web/fra/2001:db8:1::10',
      kind: 'ipv6',
      label: '2001:db8:1::10',
    })
    expect(endpoints.map(({ targets }) => targets)).toEqual(probeTargets.map(({ id }) => [id]))
  })
})

describe('a configuration', () => {
  test('shares the probes of services that check the same address alike', async () => {
    const { configuration } = await readWritten(`sites: { fra: {} }
checks: { page: { type: http }, same: { type: http }, port: { type: tcp, port: 80 } }
services:
  a: { policy: failover, checks: [page], pools: { fra: [192.0.2.1] } }
  b: { policy: failover, checks: [same, port], pools: { fra: [192.0.2.1, { cname: Web.example.net, checks: [] }] } }
`)
    expect(configuration?.probeTargets.map(({ address, check }) => [address, check.type])).toEqual([
      ['192.0.2.1', 'http'],
      ['192.0.2.1', 'tcp'],
    ])
    expect(configuration?.endpoints.map(({ service, targets }) => [service, targets.length])).toEqual([
      [0, 1],
      [1, 2],
      [1, 0],
    ])
    expect(configuration?.endpoints[2]?.endpoint).toMatchObject({ kind: 'name', id: 'b/fra/Web.example.net.' })
  })

  test('probes a CNAME target by its name, without the final dot', async () => {
    const { configuration } = await readWritten(`sites: { fra: {} }
checks: { page: { type: http } }
services: { a: { policy: failover, checks: [page], pools: { fra: [{ cname: cdn.example.net. }] } } }
`)
    expect(configuration?.probeTargets).toMatchObject([{ address: 'cdn.example.net', family: 'name' }])
  })

  test('needs no section at all: then it has the defaults', async () => {
    const { configuration, problems } = await readWritten('sites:\nservices:\nzones:\n')
    expect(problems.map(({ message }) => message)).toEqual(['there are no zones: every query is refused'])
    expect(configuration?.listen.map(({ port }) => port)).toEqual([53, 53])
    expect(configuration?.server.tcp).toEqual({ maxConnections: 1000, idleTimeoutMs: 10_000 })
  })

  test('listens where the command line says, instead', async () => {
    const { configuration } = await readWritten('listen: [127.0.0.1:53]\n', ['127.0.0.2:5300'])
    expect(configuration?.listen).toEqual([{ address: '127.0.0.2', family: 4, port: 5300 }])
    expect(await listProblems('zones: {}\n', ['127.0.0.2'])).toBe(`--listen:1:1: needs a port
    127.0.0.2
    ^^^^^^^^^
    write 127.0.0.2:53`)
  })

  test('has another revision when any of its files is another, and the same when none is', async () => {
    const yaml = 'zones: { example.org: { records: org.zone } }\n'
    const revisionOf = async (files: Record<string, string>): Promise<string | undefined> =>
      (await readWritten(files)).configuration?.revision
    const first = await revisionOf({ 'windrose.yaml': yaml, 'org.zone': ZONE_FILE })
    expect(first).toMatch(/^[0-9a-f]{12}$/)
    expect(await revisionOf({ 'windrose.yaml': yaml, 'org.zone': ZONE_FILE })).toBe(first)
    expect(await revisionOf({ 'windrose.yaml': yaml, 'org.zone': `${ZONE_FILE}; more\n` })).not.toBe(first)
    expect(await revisionOf({ 'windrose.yaml': `${yaml}# more\n`, 'org.zone': ZONE_FILE })).not.toBe(first)
  })

  test('that is not there, a folder or not text is refused, in one line', async () => {
    const missing = await readConfiguration('/nowhere/windrose.yaml')
    expect(missing.problems.map((problem) => printProblem(problem))).toEqual([
      '/nowhere/windrose.yaml:1:1: cannot read /nowhere/windrose.yaml: no such file',
    ])
    const folder = await readConfiguration(__dirname)
    expect(folder.problems.map(({ message }) => message)).toEqual([`cannot read ${__dirname}: it is a folder`])
    const octets = await readConfiguration(join(__dirname, '../../../geo-data/test.mmdb'))
    expect(octets.problems[0]?.message).toMatch(/is not UTF-8 text$/)
  })
})

describe('any text', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'windrose-config-'))
    mkdirSync(join(folder, 'zones'))
    const zone = readFileSync(join(__dirname, 'fixtures/zones/gslb.example.com.zone'))
    writeFileSync(join(folder, 'zones/gslb.example.com.zone'), zone)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** The small database keeps a run short. */
  const good = readFileSync(EXAMPLE, 'utf8').replace(
    'geo: {',
    `geo: { databases: [${JSON.stringify(join(__dirname, '../../../geo-data/test.mmdb'))}],`,
  )

  async function expectValueOrProblems(text: string): Promise<void> {
    const file = join(folder, 'windrose.yaml')
    writeFileSync(file, text)
    const { configuration, problems } = await readConfiguration(file)
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect(errors.length > 0).toBe(configuration === undefined)
    for (const problem of problems) {
      expect(printProblem(problem)).not.toMatch(/undefined|\[object|invalid input|not understood/i)
      expect(problem.place.line).toBeGreaterThanOrEqual(1)
      expect(problem.place.column).toBeGreaterThanOrEqual(1)
      if (problem.place.file === file) expect(problem.place.line).toBeLessThanOrEqual(text.split('\n').length)
    }
  }

  test('that is the example with pieces of it moved about gives a configuration or errors, never an exception', async () => {
    const position = fc.integer({ min: 0, max: good.length })
    const change = fc.record({
      from: position,
      length: fc.integer({ min: 0, max: 30 }),
      take: position,
      taken: fc.integer({ min: 0, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const text = changes.reduce(
          (before, { from, length, take, taken }) =>
            before.slice(0, from) + good.slice(take, take + taken) + before.slice(from + length),
          good,
        )
        await expectValueOrProblems(text)
      }),
      { numRuns: 300 },
    )
  })

  test('that is the example with values replaced gives a configuration or errors, never an exception', async () => {
    const words = [...good.matchAll(/[^\s,[\]{}:#]+/g)].map(({ index, 0: word }) => ({ index, length: word.length }))
    const value = fc.constantFrom(
      '',
      '~',
      '0',
      '-1',
      '1e400',
      '.nan',
      'true',
      'fra',
      'web',
      'whoami',
      '""',
      '[]',
      '{}',
      '[[]]',
      '"@"',
      '*x',
      '&x 1',
      '192.0.2.10',
      '"::"',
      '9999d',
      'nearest',
      '__proto__',
      'constructor',
      '"\\u0000"',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: words.length - 1 }), value), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          const inOrder = [...new Map(changes)].sort(([a], [b]) => b - a)
          const text = inOrder.reduce((before, [word, replacement]) => {
            const { index, length } = words[word]!
            return before.slice(0, index) + replacement + before.slice(index + length)
          }, good)
          await expectValueOrProblems(text)
        },
      ),
      { numRuns: 300 },
    )
  })
})
