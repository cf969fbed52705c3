import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SimulationBody } from '@windrose/server'
import { dig } from '../support/dig.ts'
import { windrose } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { ASHBURN, FILES, FRANKFURT, LONDON, THREE_SITES } from '../support/zone.ts'

jest.setTimeout(120_000)

describe('what would be, asked of a running server', () => {
  let server: TestServer
  const path = (file: string): string => join(server.folder, file)

  beforeAll(async () => {
    server = await startServer(FILES)
    writeFileSync(path('queries'), 'www.gslb.example A 81.2.69.0/24\nwww.gslb.example A 8.8.8.0/24\nwww..x A\n')
    const own = readFileSync(path('windrose.yaml'), 'utf8').replace(THREE_SITES, '')
    writeFileSync(path('candidate.yaml'), own + THREE_SITES.replace(FRANKFURT, '192.0.2.11'))
  })
  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const simulate = async (...args: string[]): Promise<SimulationBody> => {
    const { code, output } = await server.verb('simulate', '--json', ...args)
    expect(code).toBe(0)
    return JSON.parse(output) as SimulationBody
  }
  const shares = (body: SimulationBody, when: 'before' | 'after') => body.services[0]!.ipv4[when]

  test('a drain turns out as it was simulated, for the world and for a client', async () => {
    const foreseen = await simulate('--drain', 'fra')
    const britain = foreseen.services[0]!.countries.find(({ country }) => country === 'GB')!
    expect(britain.ipv4.moves).toEqual([{ from: 'fra', to: 'iad', share: 1 }])
    const ask = async () => (await dig('127.0.0.1', server.port, 'www.gslb.example', `+subnet=${LONDON}`)).answer.join()
    expect(await ask()).toContain(FRANKFURT)
    expect((await server.verb('drain', 'fra', '--reason', 'test')).code).toBe(0)
    expect(await ask()).toContain(ASHBURN)
    expect(shares(await simulate(), 'before')).toEqual(shares(foreseen, 'after'))
    expect((await server.verb('override', 'clear', 'fra')).code).toBe(0)
    expect(shares(await simulate(), 'before')).toEqual(shares(foreseen, 'before'))
  })

  test('the text tells sites, moves and countries, and with a file the same without the server', async () => {
    const { code, output } = await server.verb('simulate', '--kill', 'fra', '--queries', path('queries'))
    expect(code).toBe(0)
    for (const line of [/^kill fra$/m, /^fra -> iad +2\d\.\d %/m, /^GB .* fra -> iad$/m, /^fra +1 +0$/m]) {
      expect(output).toMatch(line)
    }
    expect(output).toMatch(/^\S+\/queries:3: "www\.\.x" is not a domain name/m)
    const file = await server.verb('simulate', '--kill', 'fra', '-c', path('windrose.yaml'))
    expect(file.output).toContain('every endpoint up')
    expect(/^fra -> iad.*$/m.exec(file.output)![0].split(/ +/)[3]).toBe(
      /^fra -> iad.*$/m.exec(output)![0].split(/ +/)[3],
    )
  })

  test('pictures need nothing from elsewhere', async () => {
    const { code } = await server.verb('simulate', '--kill', 'fra', '--html', path('a.html'), '--svg', path('a.svg'))
    expect(code).toBe(0)
    for (const file of ['a.html', 'a.svg']) {
      const text = readFileSync(path(file), 'utf8')
      expect(text).toContain('United Kingdom (GB)')
      expect(text).not.toMatch(/<script|<link|<img|@import|url\((?!#)|(?:src|href)="(?!#)/)
    }
  })

  test('a replay says what changes with code 1, and nothing with code 0', async () => {
    const changed = await server.verb('replay', path('queries'), '-c', path('candidate.yaml'))
    expect(changed.code).toBe(1)
    expect(changed.output).toContain('1 of 2 queries are answered otherwise: records 1')
    expect(changed.output).toMatch(/records {2}192\.0\.2\.10 -> 192\.0\.2\.11/)
    expect(changed.output).toMatch(/^\S+\/queries:3: "www\.\.x" is not a domain name/m)
    const same = await server.verb('replay', path('queries'), '--config', path('windrose.yaml'))
    expect([same.code, same.output]).toEqual([0, expect.stringContaining('none of 2 queries is answered otherwise')])
    const args = ['-c', path('candidate.yaml'), '--against', path('windrose.yaml'), '--json']
    const files = await server.verb('replay', path('queries'), ...args)
    expect(files.code).toBe(1)
    expect(files.output).toContain('"verdicts": "all up"')
  })

  test('one is made at a time, and clients are answered meanwhile', async () => {
    const made = [0, 1, 2].map(() => server.verb('simulate', '--kill', 'fra'))
    let finished = false
    const all = Promise.all(made).then((results) => {
      finished = true
      return results
    })
    do {
      const { answer } = await dig('127.0.0.1', server.port, 'www.gslb.example', `+subnet=${LONDON}`)
      expect(answer.join()).toContain(FRANKFURT)
    } while (!finished)
    const codes = (await all).map(({ code }) => code)
    expect(codes).toContain(0)
    expect(codes.filter((code) => code !== 0 && code !== 3)).toEqual([])
    const refused = (await all).find(({ code }) => code === 3)
    if (refused !== undefined)
      expect(refused.output).toContain('another simulation, replay or explanation of an area is being made')
  })

  test.each<[string[], number, string]>([
    [['simulate', '--set', 'fra'], 2, 'write PATTERN=up'],
    [['simulate', '--type', 'MX'], 2, 'Allowed choices are A, AAAA'],
    [['simulate', '--kill', 'frq'], 1, 'did you mean "fra"?'],
    [['simulate', '--config', 'nowhere.yaml'], 1, 'the configuration has 1 error'],
    [['simulate', '-c', 'nowhere.yaml'], 1, 'the configuration has 1 error'],
    [['simulate', '--queries', 'nowhere'], 3, 'cannot read nowhere (ENOENT)'],
    [['replay', 'nowhere'], 3, 'cannot read nowhere (ENOENT)'],
  ])('%j ends with %i', async (args, code, sentence) => {
    const result = await server.verb(...args)
    expect([result.code, result.output]).toEqual([code, expect.stringContaining(sentence)])
  })
})

test('without a server it is said how to do without one', async () => {
  const nobody = ['--api', 'http://127.0.0.1:9']
  const simulated = await windrose('simulate', ...nobody)
  expect([simulated.code, simulated.output]).toEqual([3, expect.stringContaining('-c FILE')])
  const replayed = await windrose('replay', __filename, ...nobody)
  expect([replayed.code, replayed.output]).toEqual([3, expect.stringContaining('--against FILE')])
})
