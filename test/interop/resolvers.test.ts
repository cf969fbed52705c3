import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { addresses, dig } from '../support/dig.ts'
import { eventually, Running } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { AMERICA, ASHBURN, FILES, FRANKFURT, LONDON } from '../support/zone.ts'

jest.setTimeout(60_000)

const WINDROSE_HOST = '127.0.0.2'

/** A resolver that others wrote, running in a folder of its own. */
interface Resolver {
  readonly running: Running
  readonly address: string
  readonly port: number
  readonly folder: string
}

describe('resolvers of others', () => {
  let server: TestServer
  const resolvers: Resolver[] = []

  beforeAll(async () => {
    server = await startServer(FILES, WINDROSE_HOST)
  })

  afterAll(async () => {
    for (const { running, folder } of resolvers) {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    expect(await server.stop()).toBe(0)
  })

  /** Starts a resolver and waits until it answers. */
  async function start(kind: 'unbound' | 'unbound-ecs' | 'named'): Promise<Resolver> {
    const folder = mkdtempSync(join(tmpdir(), `windrose-${kind}-`))
    const config = join(folder, 'resolver.conf')
    // named sends its own queries to the port that it listens on, so it takes windrose's port. It
    // knows no loopback address but the first, so windrose has another.
    const address = '127.0.0.1'
    const port = kind === 'named' ? server.port : await freePort(address)
    writeFileSync(config, kind === 'named' ? namedConfig(folder, port) : unboundConfig(folder, port, kind))
    const running =
      kind === 'named'
        ? new Running('named', ['-g', '-c', config, '-n', '1'])
        : new Running('unbound', ['-d', '-c', config])
    const resolver = { running, address, port, folder }
    resolvers.push(resolver)
    await eventually(
      async () => (await dig(address, port, 'static.gslb.example')).status,
      (status) => status === 'NOERROR',
    ).catch((error: Error) => {
      throw new Error(`${kind} does not answer: ${error.message}\n${running.output}`)
    })
    return resolver
  }

  const unboundConfig = (folder: string, port: number, kind: string): string => `
server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: "${folder}/pid"
  use-syslog: no
  interface: 127.0.0.1@${port}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  do-ip6: no
  module-config: "${kind === 'unbound-ecs' ? 'subnetcache iterator' : 'iterator'}"
  ${kind === 'unbound-ecs' ? `send-client-subnet: ${WINDROSE_HOST}` : ''}
remote-control:
  control-enable: no
stub-zone:
  name: "gslb.example"
  stub-addr: ${WINDROSE_HOST}@${server.port}
`

  const namedConfig = (folder: string, port: number): string => `
options {
  directory "${folder}";
  pid-file "${folder}/pid";
  session-keyfile "${folder}/session.key";
  port ${port};
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion yes;
  allow-query { any; };
  dnssec-validation no;
  empty-zones-enable no;
};
controls { };
zone "gslb.example" { type static-stub; server-addresses { ${WINDROSE_HOST}; }; };
`

  describe.each(['unbound', 'named'] as const)('%s', (kind) => {
    let resolver: Resolver
    beforeAll(async () => {
      resolver = await start(kind)
    })
    const ask = (...question: string[]) => dig(resolver.address, resolver.port, ...question)

    test.each([
      ['a steered name', ['www.gslb.example']],
      ['a steered name over IPv6', ['www.gslb.example', 'AAAA']],
      ['a name under a steered wildcard', ['a.b.app.gslb.example']],
      ['a static name', ['static.gslb.example']],
      ['a static wildcard', ['x.wild.gslb.example']],
      ['a chain of aliases into a steered name', ['chain.gslb.example']],
      ['a name below a DNAME', ['shop.old.gslb.example']],
      ['an answer too long for UDP', ['big.gslb.example', 'TXT']],
    ])('resolves %s as windrose answers it', async (_, question) => {
      const direct = await dig(WINDROSE_HOST, server.port, ...question)
      const resolved = await ask(...question)
      expect(resolved.status).toBe('NOERROR')
      expect(withoutTtls(resolved.answer)).toEqual(withoutTtls(direct.answer))
      expect(resolved.answer.length).toBeGreaterThan(0)
    })

    test.each([
      ['a name that does not exist', ['nothing.gslb.example'], 'NXDOMAIN'],
      ['an alias that leads to nothing', ['gone.gslb.example'], 'NXDOMAIN'],
      ['a type that a steered name does not have', ['www.gslb.example', 'MX'], 'NOERROR'],
    ])('takes over the denial of %s', async (_, question, status) => {
      const resolved = await ask(...question)
      expect(resolved.status).toBe(status)
      expect(resolved.authority.join()).toMatch(/gslb\.example\. \d+ SOA/)
    })
  })

  test('unbound with client subnets keeps the answers of two countries apart in its cache', async () => {
    const { address, port } = await start('unbound-ecs')
    const ask = (subnet: string) => dig(address, port, 'www.gslb.example', `+subnet=${subnet}`)
    for (let round = 0; round < 3; round++) {
      expect(addresses(await ask(LONDON))).toEqual([FRANKFURT])
      expect(addresses(await ask(AMERICA))).toEqual([ASHBURN])
    }
  })
})

function withoutTtls(records: readonly string[]): string[] {
  return records.map((record) => record.replace(/^(\S+) \d+ /, '$1 ')).sort()
}
