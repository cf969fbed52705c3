import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { Origin } from '../support/origins.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf, verdictOf } from '../support/status.ts'
import { type Answered, UdpClient } from '../support/udp-client.ts'
import { LONDON, ZONE } from '../support/zone.ts'

jest.setTimeout(60_000)

const FRA = ['127.0.4.10', '127.0.4.11', '127.0.4.12', '127.0.4.13']
const IAD = ['127.0.5.10']
const FAST = 'interval: 500ms, timeout: 400ms, jitter: 0, rise: 2, fall: 2'
const SITES = `
sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }
`

describe('health', () => {
  let port: number
  let origins: Map<string, Origin>
  let server: TestServer
  let client: UdpClient

  beforeAll(async () => {
    port = await freePort(FRA[0]!)
    origins = new Map([...FRA, ...IAD].map((address) => [address, Origin.http(address, port)]))
    for (const origin of origins.values()) await origin.open()
    // Endpoints come and go here more often than in a year: what that costs has tests of its own.
    const configuration = `${SITES}
health: { damping: off }
checks:
  http: { type: http, port: ${port}, ${FAST} }
services:
  web:
    policy: nearest
    answers: all
    checks: [http]
    ttl: 2s
    pools: { fra: [${FRA.join(', ')}], iad: [${IAD.join(', ')}] }
  shares:
    policy: weighted
    checks: [http]
    pools:
      fra: [{ address: ${FRA[0]}, weight: 7 }, { address: ${FRA[1]}, weight: 2 }]
      iad: [{ address: ${IAD[0]}, weight: 1 }]
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web, shares: shares } }
`
    server = await startServer({ 'windrose.yaml': configuration, 'gslb.example.zone': ZONE })
    client = new UdpClient('127.0.0.1', server.port)
  })

  afterAll(async () => {
    client.close()
    expect(await server.stop()).toBe(0)
    for (const origin of origins.values()) await origin.close()
  })

  const ask = (): Promise<Answered | undefined> => client.ask({ name: 'www.gslb.example', subnet: LONDON })
  const close = async (...which: string[]): Promise<void> => {
    for (const address of which) await origins.get(address)!.close()
  }
  const open = async (...which: string[]): Promise<void> => {
    for (const address of which) await origins.get(address)!.open()
  }
  const becomes = (wanted: readonly string[]): Promise<Answered | undefined> =>
    eventually(ask, (answer) => answer?.addresses === [...wanted].sort().join(' '))
  const up = async (): Promise<string[]> =>
    (await statusOf(server)).endpoints
      .filter(({ verdict, id }) => verdict === 'up' && id.startsWith('web/'))
      .map(({ id }) => id)

  test('an origin that is closed leaves the answers, and comes back when it is opened', async () => {
    await becomes(FRA)
    await close(FRA[0]!)
    await becomes(FRA.slice(1))
    const down = (await statusOf(server)).endpoints.find(({ id }) => id === `web/fra/${FRA[0]}`)
    expect(down).toMatchObject({ verdict: 'down', reason: expect.stringMatching(/refused/i) })
    await open(FRA[0]!)
    await becomes(FRA)
  })

  test('half a pool may be down; with less up it is passed over, and served whole when there is no better pool', async () => {
    await close(FRA[0]!, FRA[1]!)
    await becomes(FRA.slice(2))
    await close(FRA[2]!)
    await becomes(IAD)
    await close(...IAD)
    await eventually(up, (ids) => ids.join() === `web/fra/${FRA[3]}`)
    await becomes(FRA)
    await open(...FRA.slice(0, 3), ...IAD)
    await eventually(up, (ids) => ids.length === 5)
    await becomes(FRA)
  })

  test('a site that is down as a whole is left for the other; with all down everything is served, without an error', async () => {
    await close(...FRA)
    await becomes(IAD)
    await close(...IAD)
    await eventually(up, (ids) => ids.length === 0)
    const answer = await becomes(FRA)
    expect(answer?.rcode).toBe(0)
    expect(await up()).toEqual([])
    await open(...FRA, ...IAD)
    await eventually(up, (ids) => ids.length === 5)
    await becomes(FRA)
  })

  test('over 2,000 queries every endpoint has its share within five standard deviations', async () => {
    await eventually(
      async () => (await statusOf(server)).endpoints.every(({ verdict }) => verdict === 'up'),
      (all) => all,
    )
    const total = 2000
    const questions = Array.from({ length: total }, () => ({ name: 'shares.gslb.example' }))
    const answers = await client.askAll(questions, 32)
    for (const [address, share] of [
      [FRA[0], 0.7],
      [FRA[1], 0.2],
      [IAD[0], 0.1],
    ] as const) {
      const count = answers.filter((answer) => answer?.addresses === address).length
      const deviation = Math.sqrt(total * share * (1 - share))
      expect(Math.abs(count - total * share)).toBeLessThan(5 * deviation)
    }
  })
})

describe('a start', () => {
  test('is not ready before first verdicts, says for what it waits, and is ready then', async () => {
    const port = await freePort('127.0.4.20')
    // It takes the request and answers late: until then nobody knows whether it is up.
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const origin = Origin.http('127.0.4.20', port, (_, response) => void released.then(() => response.end('ok')))
    await origin.open()
    const configuration = `${SITES}
checks:
  http: { type: http, port: ${port}, interval: 20s, timeout: 15s }
services:
  web: { policy: nearest, checks: [http], pools: { fra: [127.0.4.20] } }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`
    const server = await startServer({ 'windrose.yaml': configuration, 'gslb.example.zone': ZONE }, { early: true })
    try {
      const early = await fetch(`${server.api}/readyz`)
      expect(early.status).toBe(503)
      expect(await early.json()).toMatchObject({
        ready: false,
        waitingFor: expect.arrayContaining([expect.stringContaining('1 of 1 targets')]),
      })
      expect((await fetch(`${server.api}/livez`)).status).toBe(200)
      release()
      await eventually(
        async () => (await fetch(`${server.api}/readyz`)).status,
        (status) => status === 200,
      )
      expect(await verdictOf(server, 'web/fra/127.0.4.20')).toBe('up')
    } finally {
      release()
      expect(await server.stop()).toBe(0)
      await origin.close()
    }
  })
})

describe('kinds of checks', () => {
  const HTTPS = '127.0.4.30'
  const TCP = '127.0.4.31'
  let server: TestServer
  let origins: Origin[]
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'windrose-certificate-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=www.gslb.example', '-addext', 'subjectAltName=DNS:www.gslb.example']
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject], {
      stdio: 'ignore',
    })
    const certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
    const port = await freePort(HTTPS)
    origins = [Origin.https(HTTPS, port, certificate), Origin.tcp(TCP, port, '220 ready\r\n')]
    for (const origin of origins) await origin.open()
    const tls = 'tls: { ca_file: ca.pem }'
    const configuration = `${SITES}
checks:
  right: { type: https, port: ${port}, host: www.gslb.example, ${tls}, ${FAST} }
  wrong: { type: https, port: ${port}, host: api.gslb.example, ${tls}, ${FAST} }
  untrusted: { type: https, port: ${port}, host: www.gslb.example, ${FAST} }
  banner: { type: tcp, port: ${port}, expect_text: "220 ", ${FAST} }
  other: { type: tcp, port: ${port}, expect_text: "SSH-", ${FAST} }
services:
  right: { policy: nearest, checks: [right], pools: { fra: [${HTTPS}] } }
  wrong: { policy: nearest, checks: [wrong], pools: { fra: [${HTTPS}] } }
  untrusted: { policy: nearest, checks: [untrusted], pools: { fra: [${HTTPS}] } }
  banner: { policy: nearest, checks: [banner], pools: { fra: [${TCP}] } }
  other: { policy: nearest, checks: [other], pools: { fra: [${TCP}] } }
zones:
  gslb.example:
    records: gslb.example.zone
    steer: { right: right, wrong: wrong, untrusted: untrusted, banner: banner, other: other }
`
    server = await startServer({
      'windrose.yaml': configuration,
      'gslb.example.zone': ZONE,
      'ca.pem': certificate.cert,
    })
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
    for (const origin of origins) await origin.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each([
    ['a certificate that is trusted and for the name', `right/fra/${HTTPS}`, 'up', /200/],
    ['a certificate for another name', `wrong/fra/${HTTPS}`, 'down', /certificate.*(api\.gslb\.example|name)/i],
    ['a certificate that nobody vouches for', `untrusted/fra/${HTTPS}`, 'down', /certificate/i],
    ['a TCP server that says what is expected', `banner/fra/${TCP}`, 'up', /./],
    ['a TCP server that says something else', `other/fra/${TCP}`, 'down', /before the expected text/],
  ])('%s: %s is %s, and status says why', async (_, id, verdict, reason) => {
    const endpoint = await eventually(
      async () => (await statusOf(server)).endpoints.find((one) => one.id === id),
      (one) => one?.verdict === verdict,
    )
    expect(endpoint?.reason).toMatch(reason)
    expect((await server.verb('status')).output).toContain(endpoint!.reason)
  })
})
