import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultDatabase } from '@windrose/geo'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { Running, WINDROSE } from '../support/processes.ts'
import { FILES } from '../support/zone.ts'

jest.setTimeout(60_000)

const REFUSED = 1
const UNREACHABLE = 3

const BROKEN = `sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }

checks:
  http: { type: http, port: 18080, interval: 1s, timeout: 2s }

services:
  web:
    polcy: nearest
    checks: [http]
    pools:
      fra: [192.0.2.10, 192.0.2.300]
      iab: [198.51.100.10]
  api:
    policy: nearest
    pools: { fra: [192.0.2.20] }

zones:
  gslb.example:
    records: gslb.example.zone
    steer: { www: api }
  other.example:
    records: other.example.zone
    steer: { www: api }
`

const BROKEN_ZONE = `$TTL 1h
@       IN SOA  ns1 hostmaster 1 1h 15m 1w 30s
        IN NS   ns1
ns1     IN A    127.0.0.1
mail    IN MX   ten mx1
mx1     IN A    192.0.2.25
`

const STEERED_TWICE_ZONE = `$TTL 1h
@       IN SOA  ns1 hostmaster 1 1h 15m 1w 30s
        IN NS   ns1
ns1     IN A    127.0.0.1
www     IN A    192.0.2.99
`

const PROBLEMS = `windrose.yaml:6:59: checks.http.timeout: 2s is not below the interval of 1s
    http: { type: http, port: 18080, interval: 1s, timeout: 2s }
                                                            ^^
    a probe must end before the next one starts
windrose.yaml:10:5: services.web: unknown key "polcy"
    polcy: nearest
    ^^^^^
    did you mean "policy"?
windrose.yaml:13:25: services.web.pools.fra[1]: "192.0.2.300" is not an address
    fra: [192.0.2.10, 192.0.2.300]
                      ^^^^^^^^^^^
windrose.yaml:14:7: services.web.pools.iab: there is no site "iab"
    iab: [198.51.100.10]
    ^^^
    did you mean "iad"?
windrose.yaml:22:14: www.gslb.example. is steered, but has records in the zone file: A (gslb.example.zone:5)
    steer: { www: api }
             ^^^
    remove them, or do not steer the name; MX, TXT and the like may stand beside
other.example.zone:5:17: 'ten' is no preference: a number is expected
    mail    IN MX   ten mx1
                    ^^^
`

describe('what the server cannot start with', () => {
  let folder: string
  let port: number
  let control: number

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'windrose-'))
    port = await freePort()
    control = await freePort()
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text)

  /** Files of a server that would start, with more lines in the configuration. */
  function writeGood(lines: string, listen = `127.0.0.1:${port}`): void {
    const own = `listen: ["${listen}"]\ncontrol: { listen: 127.0.0.1:${control} }\nstate_dir: state\n`
    write('windrose.yaml', own + FILES['windrose.yaml']! + lines)
    write('gslb.example.zone', FILES['gslb.example.zone']!)
  }

  /** Runs a verb in the folder. A server that starts although it should not is ended. */
  async function run(...args: string[]): Promise<{ code: number | null; lines: string[]; output: string }> {
    const running = new Running(process.execPath, [WINDROSE, ...args], { cwd: folder })
    const tooLong = setTimeout(() => running.signal('SIGKILL'), 20_000)
    const code = await running.exited
    clearTimeout(tooLong)
    return { code, output: running.output, lines: running.output.trim().split('\n') }
  }

  test('every error of a configuration is told with its place, its line and what to do; nothing starts', async () => {
    write('windrose.yaml', BROKEN)
    write('gslb.example.zone', STEERED_TWICE_ZONE)
    write('other.example.zone', BROKEN_ZONE)
    const served = await run('serve', '--listen', `127.0.0.1:${port}`)
    expect(served.output).toBe(`${PROBLEMS}windrose: not started: the configuration has 6 errors\n`)
    expect(served.code).toBe(REFUSED)
    expect(existsSync(join(folder, 'state'))).toBe(false)
  })

  test('check tells the same as serve', async () => {
    write('windrose.yaml', BROKEN)
    write('gslb.example.zone', STEERED_TWICE_ZONE)
    write('other.example.zone', BROKEN_ZONE)
    const checked = await run('check')
    expect(checked.code).toBe(REFUSED)
    // Problems go to standard error, the verdict to standard output: their order here is chance.
    const verdict = 'windrose.yaml: refused, 6 errors, 0 warnings\n'
    expect(checked.output).toContain(verdict)
    expect(checked.output.replace(verdict, '')).toBe(PROBLEMS)
    const { problems } = JSON.parse((await run('check', '--json')).output) as { problems: { place: object }[] }
    expect(problems.map(({ place }) => place)).toMatchObject([
      { line: 6, column: 59 },
      { line: 10, column: 5 },
      { line: 13, column: 25 },
      { line: 14, column: 7 },
      { line: 22, column: 14 },
      { file: 'other.example.zone', line: 5, column: 17 },
    ])
  })

  test('a configuration that is not there is one line', async () => {
    const { code, lines } = await run('serve', '-c', 'nowhere.yaml')
    expect(code).toBe(REFUSED)
    expect(lines[0]).toMatch(/nowhere\.yaml.*no such file/)
  })

  test.each([
    ['missing', 'no such file; check the path under geo.databases'],
    ['cut', 'not an MMDB file, or cut off before its end; download it again in the .mmdb format'],
  ])('a database that is %s is told with its place and what to do', async (name, sentence) => {
    writeGood(`geo: { databases: [${name}.mmdb] }\n`)
    const whole = readFileSync(defaultDatabase())
    write('cut.mmdb', whole.subarray(0, whole.length >> 1))
    const { code, lines } = await run('serve')
    expect(code).toBe(REFUSED)
    expect(lines[0]).toMatch(/^windrose\.yaml:\d+:20: geo\.databases\[0\]: geo database \S+\.mmdb: /)
    expect(lines[0]).toContain(sentence)
    expect(lines.at(-1)).toBe('windrose: not started: the configuration has 1 error')
  })

  test('a TCP port that another program has is named in one line', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    writeGood('')
    const { code, lines } = await run('serve')
    other.close()
    expect({ code, lines }).toEqual({
      code: UNREACHABLE,
      lines: [expect.stringMatching(`^windrose: not started: cannot listen on tcp 127.0.0.1:${port}: another program`)],
    })
  })

  test('a UDP port that another program has is named in one line', async () => {
    const other = createSocket('udp4')
    await new Promise<void>((resolve) => other.bind(port, '127.0.0.1', resolve))
    writeGood('')
    const { code, lines } = await run('serve')
    other.close()
    expect({ code, lines }).toEqual({
      code: UNREACHABLE,
      lines: [expect.stringMatching(`^windrose: not started: cannot listen on udp 127.0.0.1:${port}: another program`)],
    })
  })

  test('a control port that another program has is named in one line', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(control, '127.0.0.1', resolve))
    writeGood('')
    const { code, lines } = await run('serve')
    other.close()
    expect({ code, lines }).toEqual({
      code: UNREACHABLE,
      lines: [expect.stringMatching(`^windrose: not started: .*127.0.0.1:${control}.*EADDRINUSE`)],
    })
  })

  test('an address that the machine does not have is named in one line', async () => {
    writeGood('', `198.51.100.200:${port}`)
    const { code, lines } = await run('serve')
    expect({ code, lines }).toEqual({
      code: UNREACHABLE,
      lines: [
        expect.stringMatching(`cannot listen on tcp 198.51.100.200:${port}: this machine does not have that address`),
      ],
    })
  })
})
