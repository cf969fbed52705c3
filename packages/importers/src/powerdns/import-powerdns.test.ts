import type { ImportResult } from '../import-result.ts'
import { configurationOf, findingsOf, recordsOf } from '../imported.arbitraries.ts'
import { filesInMemory } from '../source-files.ts'
import { importPowerdns } from './import-powerdns.ts'
import type { PlaceOf } from './lua-record.ts'

const HEAD = '$TTL 300\n@ IN SOA ns1 hostmaster 1 7200 900 1209600 60\n@ IN NS ns1\n'

/** Documentation prefixes, placed by hand. */
const PLACES: PlaceOf = (address) => {
  if (address.startsWith('192.0.2.')) return { at: [50.1, 8.7], country: 'DE' }
  return address.startsWith('198.51.100.') ? { country: 'US' } : undefined
}

function imported(records: string): ImportResult {
  return importPowerdns(filesInMemory({ 'example.com.zone': `${HEAD}${records}\n` }), {
    input: 'example.com.zone',
    placeOf: PLACES,
  })
}

/** The service of a record of type A. */
function serviceOf(code: string, type = 'A'): Readonly<Record<string, unknown>> {
  const result = imported(`www 60 IN LUA ${type} "${code}"`)
  expect(findingsOf(result)).toEqual([])
  const { www } = configurationOf(result).services
  return www!
}

const POOL = { main: ['192.0.2.1', '192.0.2.2'] }

describe('functions that pick', () => {
  test.each<[string, string, object]>([
    ['all', "all({'192.0.2.1','192.0.2.2'})", { policy: 'all', pools: POOL }],
    ['a list', "{'192.0.2.1','192.0.2.2'}", { policy: 'all', pools: POOL }],
    ['pickrandom', "pickrandom({'192.0.2.1','192.0.2.2'})", { policy: 'weighted', pools: POOL }],
    [
      'pickrandomsample',
      "pickrandomsample(2, {'192.0.2.1','192.0.2.2'})",
      { policy: 'weighted', answers: 2, pools: POOL },
    ],
    ['pickhashed', "pickhashed({'192.0.2.1','192.0.2.2'})", { policy: 'consistent', pools: POOL }],
    [
      'pickwrandom',
      "pickwrandom({{100,'192.0.2.1'},{0,'192.0.2.2'}})",
      {
        policy: 'weighted',
        pools: {
          main: [
            { address: '192.0.2.1', weight: 100 },
            { address: '192.0.2.2', weight: 0 },
          ],
        },
      },
    ],
    [
      'pickwhashed',
      "pickwhashed({{2,'192.0.2.1'},{1,'192.0.2.2'}})",
      { policy: 'consistent', pools: { main: [{ address: '192.0.2.1', weight: 2 }, '192.0.2.2'] } },
    ],
    ['pickchashed', "pickchashed({{2,'192.0.2.1'},{1,'192.0.2.2'}})", { policy: 'consistent' }],
    [
      'pickclosest',
      "pickclosest({'192.0.2.1','192.0.2.2','198.51.100.1'})",
      { policy: ['nearest', 'weighted'], pools: { de: ['192.0.2.1', '192.0.2.2'], us: ['198.51.100.1'] } },
    ],
  ])('%s', (_, code, service) => expect(serviceOf(code)).toMatchObject(service))

  test('names for CNAME need no final dot', () => {
    expect(serviceOf("pickrandom({'a.example.net','b.example.net.'})", 'CNAME')).toMatchObject({
      pools: { main: [{ cname: 'a.example.net.' }, { cname: 'b.example.net.' }] },
    })
  })
})

describe('functions that look at health', () => {
  const checksOf = (result: ImportResult): unknown => configurationOf(result).checks

  test('ifportup', () => {
    const result = imported(
      `www IN LUA A "ifportup(443, {'192.0.2.1','192.0.2.2'}, {selector='all', timeout=3, interval=10, minimumFailures=2, source='192.0.2.99'})"`,
    )
    expect(checksOf(result)).toEqual({
      'tcp-443': {
        type: 'tcp',
        port: 443,
        interval: '10s',
        timeout: '3s',
        rise: 1,
        fall: 2,
        source_address: '192.0.2.99',
      },
    })
    expect(configurationOf(result).services['www']).toEqual({
      policy: 'all',
      checks: ['tcp-443'],
      panic: 0,
      ttl: '5m',
      pools: POOL,
    })
    expect(findingsOf(result)).toEqual([])
  })

  test('ifurlup: sets are tiers', () => {
    const result = imported(
      `www IN LUA A ("ifurlup('https://www.example.com:8443/ok?x=1', "\n "{{'192.0.2.1', '192.0.2.2'}, {'198.51.100.1'}}, "\n"{stringmatch='fine', useragent='x', byteslimit=100, httpcode=204})")`,
    )
    expect(checksOf(result)).toEqual({
      'https-www.example.com': {
        type: 'https',
        port: 8443,
        path: '/ok?x=1',
        host: 'www.example.com',
        headers: { 'User-Agent': 'x' },
        expect: { status: [204], body: 'fine', body_limit: 100 },
        interval: '5s',
        timeout: '2s',
        rise: 1,
        fall: 1,
      },
    })
    expect(configurationOf(result).services['www']).toMatchObject({
      policy: [{ failover: ['set-1', 'set-2'] }, 'weighted'],
      pools: { 'set-1': ['192.0.2.1', '192.0.2.2'], 'set-2': ['198.51.100.1'] },
    })
  })

  test('the closest of the first set that is up', () => {
    expect(serviceOf("ifportup(80, {{'192.0.2.1'},{'198.51.100.1'}}, {selector='pickclosest'})")).toMatchObject({
      policy: [{ failover: [['de'], ['us']] }, 'nearest', 'weighted'],
    })
  })

  test('ifurlextup asks each URL by a command', () => {
    const result = imported(
      `www IN LUA A "ifurlextup({{['192.0.2.1']='https://example.com/a b',['192.0.2.2']='https://example.com/'}}, {stringmatch='ok'})"`,
    )
    expect(checksOf(result)).toMatchObject({
      'url-example.com': {
        type: 'command',
        command: [
          '/bin/sh',
          '-c',
          'curl -fsS -m 2 -- "$0" | grep -qF -- "$1" || exit 2',
          'https://example.com/a%20b',
          'ok',
        ],
      },
    })
    expect(findingsOf(result)).toEqual([expect.stringMatching(/^example.com.zone:4:15 to do: ifurlextup: /)])
  })
})

describe('conditions', () => {
  const policyOf = (code: string): unknown => serviceOf(code)['policy']

  test('are areas, the first branch that holds before the others', () => {
    expect(
      serviceOf(
        ";if country({'US','CA'}) then return '192.0.2.1' elseif continent('NA') or continent('EU') then return '192.0.2.2' else return '192.0.2.3' end",
      ),
    ).toMatchObject({
      policy: [
        {
          geo: {
            areas: {
              'country:US': ['us'],
              'country:CA': ['us'],
              'continent:NA': ['na'],
              'continent:EU': ['na'],
              default: ['others'],
            },
            fence: true,
          },
        },
      ],
      pools: { us: ['192.0.2.1'], na: ['192.0.2.2'], others: ['192.0.2.3'] },
    })
  })

  test('about AS numbers need a database that knows them', () => {
    const result = imported(`www LUA A ";if asnum({64500}) then return '192.0.2.1' else return '192.0.2.2' end"`)
    expect(findingsOf(result)).toEqual(['example.com.zone:4:16 left out: asn:64500: no geo database knows AS numbers'])
  })

  test('may be turned around, and what follows an if is its else', () => {
    const areas = { 'continent:EU': ['eu'], default: ['others'] }
    const eu = [{ geo: { areas, fence: true } }]
    expect(serviceOf(";if not continent('EU') then return '192.0.2.1' end return '192.0.2.2'")).toMatchObject({
      policy: eu,
      pools: { eu: ['192.0.2.2'], others: ['192.0.2.1'] },
    })
    expect(policyOf(";if continentCode() == 'EU' then return '192.0.2.1' end return '192.0.2.2'")).toEqual(eu)
  })

  test('netmasks are prefixes; a branch that others cover has no clients', () => {
    expect(
      policyOf(
        ";if netmask({'10.0.0.0/8'}) then return '192.0.2.1' elseif netmask({'10.1.0.0/16','2001:db8::/32'}) then return '192.0.2.2' else return '192.0.2.3' end",
      ),
    ).toEqual([
      {
        geo: {
          areas: { '10.0.0.0/8': ['10.0.0.0-8'], '2001:db8::/32': ['2001-db8-32'], default: ['others'] },
          fence: true,
        },
      },
    ])
  })

  test('a prefix behind a country is listed: windrose puts it first', () => {
    const result = imported(
      `www LUA A ";if country('US') then return '192.0.2.1' elseif netmask({'10.0.0.0/8'}) then return '192.0.2.2' else return '192.0.2.3' end"`,
    )
    expect(findingsOf(result)).toEqual([
      expect.stringMatching(/^example.com.zone:4:61 changed: 10.0.0.0\/8: the branch before it comes first in Lua/),
    ])
  })

  test('branches that pick in other ways are services', () => {
    expect(
      serviceOf(
        ";if country('US') then return {'192.0.2.1','192.0.2.2'} else return pickrandom({'192.0.2.3','192.0.2.4'}) end",
      ),
    ).toMatchObject({
      policy: [{ geo: {} }, 'weighted'],
      pools: { us: { service: 'www-us' }, others: ['192.0.2.3', '192.0.2.4'] },
    })
  })

  test('view is a choice by netmask', () => {
    expect(
      serviceOf("view({ { {'192.168.0.0/16'}, {'192.0.2.1'} }, { {'0.0.0.0/0'}, {'192.0.2.2'} } })"),
    ).toMatchObject({
      policy: [{ geo: { areas: { '192.168.0.0/16': ['192.168.0.0-16'], default: ['others'] } } }],
    })
  })
})

test('records that others include give their names a meaning', () => {
  const result = imported(`config IN LUA LUA ("settings={stringmatch='x'} "
  "eu={'192.0.2.1', '192.0.2.2'} us={'198.51.100.1'}")
www IN LUA A ";include('config') return ifurlup('https://example.com/', {us, eu}, settings)"`)
  expect(findingsOf(result)).toEqual([])
  expect(configurationOf(result).services['www']).toMatchObject({
    pools: { 'set-1': ['198.51.100.1'], 'set-2': ['192.0.2.1', '192.0.2.2'] },
  })
})

describe('A and AAAA', () => {
  test('that are steered alike are one service', () => {
    const result = imported(
      `www LUA A "ifportup(80, {{'192.0.2.1'},{'192.0.2.2'}})"\n  LUA AAAA "ifportup(80, {{'2001:db8::1'},{'2001:db8::2'}})"`,
    )
    expect(findingsOf(result)).toEqual([])
    expect(configurationOf(result).services['www']).toMatchObject({
      pools: { 'set-1': ['192.0.2.1', '2001:db8::1'], 'set-2': ['192.0.2.2', '2001:db8::2'] },
    })
  })

  test('that are not are listed', () => {
    const result = imported(`www LUA A "pickrandom({'192.0.2.1'})"\nwww LUA AAAA "all({'2001:db8::1'})"`)
    expect(findingsOf(result)).toEqual([
      `example.com.zone:5:1 left out: www LUA AAAA "all({'2001:db8::1'})": the name is steered in another way already, at line 4, and a name has one service`,
    ])
  })

  test('plain addresses of the other family go with the service, whatever its policy', () => {
    const result = imported(
      `one LUA A "pickrandom({'192.0.2.1'})"\n  AAAA 2001:db8::1\ntwo LUA A ";if country('US') then return '192.0.2.1' else return '192.0.2.2' end"\ntwo AAAA 2001:db8::2\ntwo MX 10 mail`,
    )
    expect(findingsOf(result)).toEqual([])
    expect(configurationOf(result).services).toMatchObject({
      one: { pools: { main: ['192.0.2.1', '2001:db8::1'] } },
      two: {
        policy: [{ geo: { areas: { 'country:US': ['us', 'plain'], default: ['others', 'plain'] } } }],
        pools: { plain: { service: 'two-plain' } },
      },
    })
    expect(recordsOf(result, 'example.com')).toBe(`$ORIGIN example.com.\n${HEAD}two MX 10 mail\n`)
  })
})

describe('what windrose cannot say is listed, where it stands', () => {
  test.each<[string, string]>([
    [`"ifportup(443, {'192.0.2.1', nosuch})"`, '43 left out: nothing is known of "nosuch"'],
    [`"bestwho:toString()"`, '22 left out: ":" here is beyond what is read of Lua'],
    [`"createForward()"`, '15 left out: the answer is made of the name that is asked for'],
    [`"whatever()"`, '15 left out: the function "whatever" is not known'],
    [`"pickclosest({'203.0.113.1'})"`, '15 left out: where 203.0.113.1 is, the database does not say'],
    [`"all({'2001:db8::1'})"`, '20 left out: "2001:db8::1" is no value of the type A'],
    [`"pickwrandom({{0,'192.0.2.1'}})"`, '27 left out: all weights are 0'],
    [`"all({})"`, '19 left out: the list is empty'],
    [`"all()"`, '15 left out: "all" has too few arguments'],
    [
      `";if region('CA') then return '192.0.2.1' else return '192.0.2.2' end"`,
      '19 left out: a region is one of a country, and no country is named with it',
    ],
    [
      `";if qname == 'x' then return '192.0.2.1' else return '192.0.2.2' end"`,
      '25 left out: the condition is not about where the client is',
    ],
    [
      `";if country('US') then return '192.0.2.1' end"`,
      '16 left out: for some clients nothing is returned, and windrose has no area whose clients get no answer',
    ],
    [`";x = 1"`, '1 left out: the code returns nothing'],
    [`";include('gone') return x"`, '16 left out: no LUA record "gone" can be included'],
    [`"ifportup(443, {'192.0.2.1'}, {selector='odd'})"`, '15 left out: the selector "odd" is not known'],
    [`"ifurlup('ftp://x/', {'192.0.2.1'})"`, '23 left out: "ftp://x/" is no URL of http or https'],
  ])('%s', (code, finding) => {
    const [first] = imported(`www IN LUA A ${code}`).findings
    expect(`${first?.place.column} ${first?.kind}: ${first?.why}`).toBe(finding)
    expect(first?.place.line).toBe(4)
  })

  test('also other types, and options without a meaning here', () => {
    const result = imported(`t LUA TXT "os.date()"\nwww LUA A "ifportup(80, {'192.0.2.1'}, {backupSelector='all'})"`)
    expect(findingsOf(result)).toEqual([
      'example.com.zone:4:1 left out: t LUA TXT "os.date()": only A, AAAA and CNAME are steered, not TXT',
      'example.com.zone:5:56 left out: backupSelector=all: when all are down, answers are picked as always',
    ])
  })

  test('places are right behind escapes and in later strings', () => {
    const result = imported(`www IN LUA A ( "all({\\"192.0.2.1\\","\n   "nosuch})" )`)
    expect(findingsOf(result)).toEqual([
      expect.stringMatching(/^example.com.zone:5:5 left out: .*: nothing is known of "nosuch"$/),
    ])
  })
})

describe('zones', () => {
  test('an ALIAS is answered with the addresses of the name', () => {
    const result = imported('@ ALIAS lb.example.net.\n@ MX 10 mail')
    expect(configurationOf(result).services['example.com']).toMatchObject({
      pools: { main: [{ alias: 'lb.example.net.' }] },
    })
    expect(configurationOf(result).zones['example.com']!.steer).toEqual({ '@': 'example.com' })
  })

  test('the SOA says which zone it is, as in what pdnsutil prints', () => {
    const text =
      '$ORIGIN .\nexample.org\t3600\tIN\tSOA\ta.example.org b.example.org 1 2 3 4 5\nexample.org\t3600\tIN\tNS\ta.example.org\nwww.example.org\t60\tIN\tLUA\tA "\'192.0.2.1\'"\n'
    const result = importPowerdns(filesInMemory({ 'zone-list.txt': text }), { input: 'zone-list.txt', placeOf: PLACES })
    expect(configurationOf(result).zones).toMatchObject({ 'example.org': { steer: { www: 'www' } } })
    expect(configurationOf(result).services['www']).toMatchObject({ ttl: '1m' })
  })

  test('a folder has several; a file without SOA is listed', () => {
    const files = filesInMemory({
      'd/db.a.example': `${HEAD}www LUA A "'192.0.2.1'"`,
      'd/b.example.zone': HEAD,
      'd/notes.txt': 'hello world\n',
    })
    const result = importPowerdns(files, { input: 'd', placeOf: PLACES })
    expect(Object.keys(configurationOf(result).zones)).toEqual(['b.example', 'a.example'])
    expect(findingsOf(result)).toEqual(['d/notes.txt:1:1 left out: notes.txt: the file has no SOA record'])
  })

  test('without any nothing is imported', () => {
    const result = importPowerdns(filesInMemory({}), { input: 'gone', placeOf: PLACES })
    expect(result.files).toEqual([])
    expect(findingsOf(result)).toEqual(['gone:1:1 unreadable: gone: no such file'])
  })
})
