import { createSocket, type Socket } from 'node:dgram'
import { createNameResolver } from './resolve-name.ts'

let server: Socket
let resolve: ReturnType<typeof createNameResolver>
const asked: string[] = []

/** Answers by the first label: `four` has A, `six` AAAA, `none` neither, `broken` is SERVFAIL, `silent` no answer. */
function answer(query: Buffer): Buffer | undefined {
  const label = query.subarray(13, 13 + query[12]!).toString()
  const end = query.indexOf(0, 12) + 5
  const qtype = query.readUInt16BE(end - 4)
  asked.push(`${label} ${qtype}`)
  if (label === 'silent') return undefined
  const rdata =
    label === 'four' && qtype === 1
      ? Buffer.from([192, 0, 2, 1])
      : label === 'six' && qtype === 28
        ? Buffer.from('20010db8000000000000000000000001', 'hex')
        : undefined
  const header = Buffer.from(query.subarray(0, 12))
  const rcode = label === 'broken' ? 2 : label === 'missing' ? 3 : 0
  header.writeUInt16BE(0x8180 | rcode, 2)
  header.writeUInt16BE(rdata === undefined ? 0 : 1, 6)
  header.writeUInt16BE(0, 10)
  const fixed = Buffer.from([0xc0, 12, 0, qtype, 0, 1, 0, 0, 0, 30, 0, rdata?.length ?? 0])
  return Buffer.concat([header, query.subarray(12, end), ...(rdata === undefined ? [] : [fixed, rdata])])
}

beforeAll(async () => {
  server = createSocket('udp4')
  server.on('message', (query, from) => {
    const response = answer(query)
    if (response !== undefined) server.send(response, from.port, from.address)
  })
  await new Promise<void>((done) => server.bind(0, '127.0.0.1', done))
  resolve = createNameResolver([`127.0.0.1:${server.address().port}`])
})
afterAll(() => void server.close())

const forever = { onEnd: () => undefined }

describe('a host name', () => {
  test.each([
    ['four.test', { address: '192.0.2.1' }],
    ['six.test', { address: '2001:db8::1' }],
    ['none.test', { failure: 'none.test has no address (NODATA)' }],
    ['missing.test', { failure: 'missing.test has no address (NXDOMAIN)' }],
    ['broken.test', { failure: 'broken.test has no address (SERVFAIL)' }],
  ])('%s gives %j', async (name, resolved) => {
    expect(await resolve(name, forever)).toEqual(resolved)
  })

  test('with an IPv4 address is not asked for IPv6', async () => {
    asked.length = 0
    await resolve('four.test', forever)
    expect(asked).toEqual(['four 1'])
  })

  test('is the agent\u2019s own trouble when no resolver is there', async () => {
    const nobody = createSocket('udp4')
    await new Promise<void>((done) => nobody.bind(0, '127.0.0.1', done))
    const { port } = nobody.address()
    await new Promise<void>((done) => nobody.close(done))
    expect(await createNameResolver([`127.0.0.1:${port}`])('four.test', forever)).toHaveProperty('ownTrouble')
  })

  test('is given up when the probe ends', async () => {
    const resolving = resolve('silent.test', { onEnd: (release) => void setTimeout(release, 20) })
    expect(await resolving).toHaveProperty('failure')
  })
})
