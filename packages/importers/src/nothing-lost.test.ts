import { join } from 'node:path'
import fc from 'fast-check'
import type { ImportResult } from './import-result.ts'
import { filesInMemory, importGdnsd, importOctodns, importPowerdns, importRoute53 } from './index.ts'

const CITY = join(__dirname, '../../../geo-data/test.mmdb')

/** One construct of a source, on a line of its own. */
interface Unit {
  /** With ~ where its number belongs. */
  readonly text: string
  /** What stands in the result when it was taken over, with the same ~: an address or a name. */
  readonly marks: readonly string[]
}

/** How units become a source, and the source an import. */
interface Source {
  readonly file: string
  /** The text of the file, in which each unit has a line. */
  readonly textOf: (lines: readonly string[]) => string
  readonly importText: (text: string) => ImportResult
}

const number = (text: string, n: number): string => text.replaceAll('~', String(n))

/** The units that are neither in the result nor in a finding on their line. */
function lostOf({ file, textOf, importText }: Source, units: readonly Unit[]): string[] {
  const lines = units.map(({ text }, i) => number(text, i + 1))
  const text = textOf(lines)
  const { files, findings } = importText(text)
  const made = new Set(files.flatMap((one) => one.text.replaceAll(/^\s*[#;].*$/gm, '').split(/[^\w.:-]+/)))
  const listed = new Set(findings.filter(({ place }) => place.file === file).map(({ place }) => place.line))
  const all = text.split('\n')
  return lines.filter((line, i) => {
    const at = 1 + all.findIndex((one) => one.includes(line))
    const isMade = (mark: string): boolean => made.has(mark) || made.has(`${mark}.`)
    return !listed.has(at) && !units[i]!.marks.every((mark) => isMade(number(mark, i + 1)))
  })
}

function checkNothingIsLost(source: Source, unit: fc.Arbitrary<Unit>): void {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 12 }), (units) => {
      expect(lostOf(source, units)).toEqual([])
    }),
    { numRuns: 100 },
  )
}

const OWNER = fc.constantFrom('a', 'b', 'c', 'sub.a')

describe('whatever stands in a source is taken over or listed with its line', () => {
  test('record sets of Route 53', () => {
    const routing = fc.oneof(
      fc.constant({}),
      fc.record({ SetIdentifier: fc.constant('s~'), Weight: fc.constantFrom(0, 1, 255, -3) }),
      fc.record({ SetIdentifier: fc.constant('s~'), Region: fc.constantFrom('eu-west-1', 'us-east-1', 'mars-1') }),
      fc.record({ SetIdentifier: fc.constant('s~'), Failover: fc.constantFrom('PRIMARY', 'SECONDARY') }),
      fc.record({
        SetIdentifier: fc.constant('s~'),
        GeoLocation: fc.constantFrom(
          { CountryCode: '*' },
          { CountryCode: 'DE' },
          { ContinentCode: 'EU' },
          { CountryCode: 'US', SubdivisionCode: 'CA' },
          { CountryCode: 'XX' },
        ),
      }),
      fc.record({
        SetIdentifier: fc.constant('s~'),
        GeoProximityLocation: fc.constantFrom(
          { AWSRegion: 'eu-west-1', Bias: 30 },
          { Coordinates: { Latitude: '1', Longitude: '103' } },
          { LocalZoneGroup: 'us-west-2-lax-1' },
        ),
      }),
      fc.record({ SetIdentifier: fc.constant('s~'), MultiValueAnswer: fc.constant(true) }),
      fc.record({
        SetIdentifier: fc.constant('s~'),
        CidrRoutingConfig: fc.constantFrom({ CollectionId: 'c', LocationName: 'office' }, { LocationName: '*' }),
      }),
      fc.record({ TrafficPolicyInstanceId: fc.constant('p') }),
    )
    const content = fc.constantFrom(
      { type: 'A', value: '192.0.2.~' },
      { type: 'A', value: '192.0.2.~' },
      { type: 'AAAA', value: '2001:db8::~' },
      { type: 'CNAME', value: 't~.example.net' },
      { type: 'MX', value: '10 m~.example.net.', mark: 'm~.example.net' },
      { type: 'A', target: 'elb~.amazonaws.com.' },
    )
    const others = fc.oneof(fc.constant({}), fc.constantFrom({ HealthCheckId: 'h' }, { HealthCheckId: 'gone' }))
    const unit = fc
      .tuple(OWNER, content, routing, others)
      .map(([owner, { type, value, target, mark }, ...rest]): Unit => {
        const values =
          target === undefined
            ? { TTL: 60, ResourceRecords: [{ Value: value }] }
            : { AliasTarget: { HostedZoneId: 'Z', DNSName: target, EvaluateTargetHealth: false } }
        const set = Object.assign({ Name: `${owner}.example.com.`, Type: type }, ...rest, values)
        return { text: JSON.stringify(set), marks: [mark ?? target?.replace(/\.$/, '') ?? value!] }
      })
    const soa = '{"Name":"example.com.","Type":"SOA","TTL":9,"ResourceRecords":[{"Value":"a.b. c.d. 1 2 3 4 5"}]}'
    const checks = { HealthChecks: [{ Id: 'h', HealthCheckConfig: { Type: 'TCP', Port: 80 } }] }
    const blocks = { CidrBlocks: [{ CidrBlock: '198.51.100.0/24', LocationName: 'office' }] }
    const source: Source = {
      file: 'sets',
      textOf: (lines) => `{ "ResourceRecordSets": [\n${[soa, ...lines].join(',\n')}\n] }`,
      importText: (sets) =>
        importRoute53(
          filesInMemory({
            sets,
            checks: JSON.stringify(checks),
            blocks: JSON.stringify(blocks),
          }),
          { records: 'sets', healthChecks: 'checks', cidrBlocks: 'blocks', databases: [CITY] },
        ),
    }
    checkNothingIsLost(source, unit)
  })

  test('records of octoDNS', () => {
    const rule = fc.constantFrom(
      { geos: ['EU'], pool: 'one' },
      { geos: ['NA-US-CA', 'AS-JP'], pool: 'two' },
      { subnets: ['10.0.0.0/8'], pool: 'two' },
      { pool: 'one' },
      { pool: 'gone' },
    )
    const body = (type: string, values: readonly string[]): fc.Arbitrary<object> =>
      fc.oneof(
        fc.constant({ type, values }),
        fc.constant({ type, values, octodns: { ignored: true } }),
        fc.constant({ type, values, octodns: { cloudflare: { proxied: true } } }),
        fc.constant({ type, geo: { EU: [values[0]] }, values: [values[1]] }),
        fc.array(rule, { minLength: 1, maxLength: 4 }).map((rules) => ({
          type,
          dynamic: {
            pools: {
              one: { fallback: 'two', values: [{ value: values[0], weight: 2 }] },
              two: { values: [{ value: values[1], status: 'up' }] },
            },
            rules,
          },
          values: [values[0]],
        })),
      )
    const unit = fc
      .oneof(
        body('A', ['192.0.2.~', '198.51.100.~']).map((record) => ({ record, marks: ['192.0.2.~', '198.51.100.~'] })),
        body('AAAA', ['2001:db8:1::~', '2001:db8:2::~']).map((record) => ({
          record,
          marks: ['2001:db8:1::~', '2001:db8:2::~'],
        })),
        fc.constantFrom(
          { record: { type: 'CNAME', value: 't~.example.net.' }, marks: ['t~.example.net'] },
          { record: { type: 'ALIAS', value: 't~.example.net.' }, marks: ['t~.example.net'] },
          { record: { type: 'TXT', value: 'text~' }, marks: ['text~'] },
          { record: { type: 'URLFWD', value: 'url~' }, marks: ['url~'] },
          { record: { type: 'MX', value: { exchange: 'm~.example.net.', preference: 1 } }, marks: ['m~.example.net'] },
        ),
      )
      .chain(({ record, marks }) =>
        fc
          .constantFrom('n~', '*.w~', 'out~.example.org.')
          .map((name): Unit => ({ text: `"${name}": ${JSON.stringify(record)}`, marks })),
      )
    const source: Source = {
      file: 'example.com.yaml',
      textOf: (lines) => `${lines.join('\n')}\n`,
      importText: (text) => importOctodns(filesInMemory({ 'example.com.yaml': text }), 'example.com.yaml', [CITY]),
    }
    checkNothingIsLost(source, unit)
  })

  test('records of PowerDNS', () => {
    const pair = "{'192.0.2.~', '198.51.100.~'}"
    const weighted = "{{1, '192.0.2.~'}, {2, '198.51.100.~'}}"
    const code = fc.constantFrom(
      ...['pickrandom', 'pickhashed', 'pickclosest', 'all', 'picknamehashed', 'gone'].map((f) => `${f}(${pair})`),
      ...['pickwrandom', 'pickwhashed', 'pickchashed'].map((f) => `${f}(${weighted})`),
      `ifportup(443, ${pair})`,
      `ifportup(443, ${pair}, {selector='pickclosest', backupSelector='all'})`,
      `ifurlup('https://www.example.com/', {${pair}, {'192.0.2.~'}})`,
      `;if country('DE') then return '192.0.2.~' else return '198.51.100.~' end`,
      `;if country('DE') then return '192.0.2.~' end`,
      `;if continent('EU') and region('BY') then return '192.0.2.~' else return ${pair} end`,
      `;if os.time() then return ${pair} end`,
      "createForward('192.0.2.~', '198.51.100.~')",
      `pickrandom(${pair}`,
    )
    const marks = ['192.0.2.~', '198.51.100.~']
    const unit = fc.oneof(
      fc
        .tuple(OWNER, fc.constantFrom('A', 'A', 'AAAA', 'TXT', 'PTR', 'CNAME'), code)
        .map(([owner, type, lua]): Unit => {
          const text = `${owner} 60 IN LUA ${type} "${lua}"`
          return { text, marks: marks.filter((mark) => text.includes(mark)) }
        }),
      fc.constantFrom<Unit>(
        { text: 'n~ 60 IN A 192.0.2.~', marks: ['192.0.2.~'] },
        { text: 'a 60 IN A 192.0.2.~', marks: ['192.0.2.~'] },
        { text: 'b 60 IN AAAA 2001:db8::~', marks: ['2001:db8::~'] },
        { text: 'alias~ 60 IN ALIAS t~.example.net.', marks: ['t~.example.net'] },
      ),
    )
    const source: Source = {
      file: 'z',
      textOf: (lines) =>
        `$ORIGIN example.com.\n@ 60 IN SOA a b 1 2 3 4 5\n@ 60 IN NS ns.example.net.\n${lines.join('\n')}\n`,
      importText: (z) =>
        importPowerdns(filesInMemory({ z }), { input: 'z', placeOf: () => ({ country: 'DE' }), databases: [CITY] }),
    }
    checkNothingIsLost(source, unit)
  })

  test('resources of gdnsd', () => {
    const unit = fc
      .constantFrom(
        'multifo r~ => { a => 192.0.2.~, b => 198.51.100.~ }',
        'multifo r~ => { up_thresh => 2, a => 192.0.2.~, b => 198.51.100.~ }',
        'multifo r~ => { addrs_v4 => [192.0.2.~, 198.51.100.~], unknown_key => x }',
        'simplefo r~ => { primary => 192.0.2.~, secondary => 198.51.100.~ }',
        'simplefo r~ => { primary => 192.0.2.~ }',
        'weighted r~ => { a => [192.0.2.~, 3], b => [198.51.100.~, 1] }',
        'weighted r~ => { multi => true, a => [192.0.2.~, 3], b => [198.51.100.~, 1] }',
        'weighted r~ => { multi => true, g => { a => [192.0.2.~, 3], b => [198.51.100.~, 1] } }',
        'metafo r~ => { datacenters => [x, y], dcmap => { x => 192.0.2.~, y => 198.51.100.~ } }',
        'metafo r~ => { datacenters => [x], dcmap => { x => 192.0.2.~, y => 198.51.100.~ } }',
        'geoip r~ => { map => m, dcmap => { x => 192.0.2.~, y => [198.51.100.~] } }',
        'geoip r~ => { map => m, dcmap => { x => 192.0.2.~, y => %multifo!gone } }',
        'geoip r~ => { map => gone, dcmap => { x => 192.0.2.~ } }',
      )
      .map((text): Unit => ({ text, marks: ['192.0.2.~', '198.51.100.~'].filter((mark) => text.includes(mark)) }))
    const source: Source = {
      file: 'g/config',
      textOf: (lines) => {
        // The plugin of a line is in a comment, so that the line can be found again.
        const resources = (plugin: string): string =>
          lines
            .filter((line) => line.startsWith(plugin))
            .map((line) => `${line.slice(plugin.length)} # ${line}\n`)
            .join('')
        return `plugins => {
multifo => {\n${resources('multifo')}}
simplefo => {\n${resources('simplefo')}}
weighted => {\n${resources('weighted')}}
metafo => { resources => {\n${resources('metafo')}} }
geoip => { maps => { m => { datacenters => [x, y] } }, resources => {\n${resources('geoip')}} }
}\n`
      },
      importText: (config) =>
        importGdnsd(
          filesInMemory({ 'g/config': config, 'g/zones/example.com': '@ SOA a b 1 2 3 4 5\n@ NS ns.example.net.\n' }),
          'g',
          [CITY],
        ),
    }
    checkNothingIsLost(source, unit)
  })
})
