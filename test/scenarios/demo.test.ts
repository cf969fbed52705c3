import { addresses, dig } from '../support/dig.ts'
import { eventually, Running, WINDROSE, windrose } from '../support/processes.ts'

jest.setTimeout(60_000)

const FRANKFURT = ['127.0.1.10', '127.0.1.11']
const ASHBURN = ['127.0.2.10', '127.0.2.11']
const SINGAPORE = ['127.0.3.10', '127.0.3.11']

/** A resolver that speaks for clients in London, in the United States, in Australia. */
const LONDON = '+subnet=81.2.69.0/24'
const AMERICA = '+subnet=8.8.8.0/24'
const AUSTRALIA = '+subnet=1.1.1.0/24'

describe('the demo, as a user sees it', () => {
  let demo: Running

  beforeAll(async () => {
    demo = new Running(process.execPath, [WINDROSE, 'demo'])
    await eventually(
      () => demo.output,
      (output) => output.includes('npx windrose demo kill fra') || demo.process.exitCode !== null,
    )
    expect(demo.process.exitCode).toBeNull()
  })

  afterAll(async () => {
    expect(await demo.stop()).toBe(0)
  })

  const www = (...options: string[]) => dig('127.0.0.1', 5300, 'www.gslb.example', ...options)

  test('London is answered with Frankfurt, for at most 30 s, for a prefix of its own', async () => {
    const dug = await www(LONDON)
    expect(dug).toMatchObject({ status: 'NOERROR', flags: ['qr', 'aa', 'rd'] })
    expect(addresses(dug)).toEqual(FRANKFURT)
    for (const line of dug.answer) expect(Number(line.split(' ')[1])).toBeLessThanOrEqual(30)
    expect(dug.subnet).toMatch(/^81\.2\.69\.0\/24\/(?:[1-9]|1\d|2[0-4])$/)
  })

  test.each([
    ['the United States', AMERICA, ASHBURN],
    ['Australia', AUSTRALIA, SINGAPORE],
  ])('%s is answered with the nearest site', async (_, client, nearest) => {
    expect(addresses(await www(client))).toEqual(nearest)
  })

  test('UDP and TCP, IPv4 and IPv6 give the same answer', async () => {
    const wanted = addresses(await www(LONDON))
    expect(addresses(await www(LONDON, '+tcp'))).toEqual(wanted)
    for (const options of [[LONDON], [LONDON, '+tcp']]) {
      expect(addresses(await dig('::1', 5300, 'www.gslb.example', ...options))).toEqual(wanted)
    }
  })

  test('a wildcard and the apex are steered, an alias is followed', async () => {
    expect(addresses(await dig('127.0.0.1', 5300, 'shop.app.gslb.example', LONDON))).toEqual(FRANKFURT)
    expect(addresses(await dig('127.0.0.1', 5300, 'gslb.example', LONDON))).toEqual(FRANKFURT)
    const blog = await dig('127.0.0.1', 5300, 'blog.gslb.example', LONDON)
    expect(blog.answer[0]).toBe('blog.gslb.example. 3600 CNAME www.gslb.example.')
    expect(addresses(blog)).toEqual(FRANKFURT)
  })

  test('static records, NODATA, NXDOMAIN, a delegation and foreign names are answered as by any name server', async () => {
    const ask = (...question: string[]) => dig('127.0.0.1', 5300, ...question)
    expect((await ask('static.gslb.example')).answer).toEqual(['static.gslb.example. 300 A 192.0.2.80'])
    expect(await ask('www.gslb.example', 'TXT')).toMatchObject({ status: 'NOERROR', answer: [] })
    expect((await ask('www.gslb.example', 'TXT')).authority[0]).toMatch(/^gslb\.example\. 30 SOA /)
    expect(await ask('nothing.gslb.example')).toMatchObject({ status: 'NXDOMAIN', flags: ['qr', 'aa', 'rd'] })
    expect(await ask('host.dev.gslb.example')).toMatchObject({
      flags: ['qr', 'rd'],
      authority: ['dev.gslb.example. 3600 NS ns.dev.gslb.example.'],
    })
    expect(await ask('example.net')).toMatchObject({ status: 'REFUSED' })
  })

  test('whoami tells what the server sees of the client', async () => {
    const dug = await dig('127.0.0.1', 5300, 'whoami.gslb.example', 'TXT', LONDON)
    expect(dug.text).toContain('"resolver 127.0.0.1"')
    expect(dug.text).toContain('client-subnet 81.2.69.0/24')
  })

  test('explain says why, stage by stage, and status shows every endpoint', async () => {
    const explained = await windrose('explain', 'www.gslb.example', 'A', '--client', '81.2.69.142')
    expect(explained.code).toBe(0)
    for (const word of ['GB', 'candidates', 'eligible', 'ttl', '127.0.1.10']) expect(explained.output).toContain(word)
    const status = await windrose('status')
    expect(status.code).toBe(0)
    for (const id of ['web/fra/127.0.1.10', 'web/sin/127.0.3.11']) expect(status.output).toContain(id)
    const json = JSON.parse((await windrose('status', '--json')).output) as { endpoints: { verdict: string }[] }
    expect(json.endpoints.every(({ verdict }) => verdict === 'up')).toBe(true)
  })

  test('when Frankfurt is killed London goes to Ashburn within seconds, and comes back when it is healed', async () => {
    expect((await windrose('demo', 'kill', 'fra')).code).toBe(0)
    const away = await eventually(
      async () => addresses(await www(LONDON)),
      (got) => got.join() === ASHBURN.join(),
    )
    expect(away).toEqual(ASHBURN)
    expect((await windrose('status')).output).toMatch(/web\/fra\/127\.0\.1\.10\s+down/)
    expect((await windrose('demo', 'heal', 'fra')).code).toBe(0)
    await eventually(
      async () => addresses(await www(LONDON)),
      (got) => got.join() === FRANKFURT.join(),
    )
  })

  test('a drained site is left at once, and taken again when the drain is cleared', async () => {
    const drained = await windrose('drain', 'fra', '--reason', 'kernel update', '--author', 'alice')
    expect(drained).toMatchObject({ code: 0 })
    expect(addresses(await www(LONDON))).toEqual(ASHBURN)
    expect((await windrose('override', 'list')).output).toContain('kernel update')
    expect((await windrose('override', 'clear', 'fra')).code).toBe(0)
    expect(addresses(await www(LONDON))).toEqual(FRANKFURT)
  })

  test('a site that does not exist is refused with what there is', async () => {
    expect(await windrose('demo', 'kill', 'fta')).toMatchObject({ code: 1, output: expect.stringContaining('fra') })
    const drained = await windrose('drain', 'frq', '--reason', 'x')
    expect(drained).toMatchObject({ code: 1, output: expect.stringContaining('fra') })
  })

  test('verbs without a server end with 3, unknown verbs with 2', async () => {
    expect((await windrose('status', '--api', 'http://127.0.0.1:1')).code).toBe(3)
    expect((await windrose('statsu')).code).toBe(2)
  })
})
