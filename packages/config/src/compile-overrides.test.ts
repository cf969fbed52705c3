import { readPrefix } from '@windrose/ip'
import { listProblems, readWritten, type WrittenFiles, ZONE_FILE } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'bits beyond the length',
    {
      'windrose.yaml': `geo: { overrides: [{ prefix: 10.20.0.1/16, sites: [fra] }] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:1:30: warning: geo.overrides[0].prefix: 10.20.0.1/16 has bits set beyond its length: taken as 10.20.0.0/16
    geo: { overrides: [{ prefix: 10.20.0.1/16, sites: [fra] }] }
                                 ^^^^^^^^^^^^`,
  ],
  [
    'a prefix twice',
    {
      'windrose.yaml': `geo:
  overrides:
    - { prefix: "2001:DB8::/32", sites: [fra] }
    - { prefix: "2001:db8:0::/32", sites: [iad] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:4:17: geo.overrides[1].prefix: 2001:db8::/32 is there twice
    - { prefix: "2001:db8:0::/32", sites: [iad] }
                ^^^^^^^^^^^^^^^^^
    first at windrose.yaml:3:17`,
  ],
  [
    'no prefix, and no such site',
    {
      'windrose.yaml': `geo: { overrides: [{ prefix: 10.300.0.0/16, sites: [far] }] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:1:30: geo.overrides[0].prefix: "10.300.0.0/16" is not a prefix
    geo: { overrides: [{ prefix: 10.300.0.0/16, sites: [far] }] }
                                 ^^^^^^^^^^^^^
    for example 10.20.0.0/16 or "2001:db8::/32"
windrose.yaml:1:53: geo.overrides[0].sites[0]: there is no site "far"
    geo: { overrides: [{ prefix: 10.300.0.0/16, sites: [far] }] }
                                                        ^^^
    did you mean "fra"?`,
  ],
  [
    'a prefix instead of an override, and a file that is missing',
    {
      'windrose.yaml': `geo: { overrides: [10.0.0.0/8, more.yaml] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:1:20: geo.overrides[0]: cannot read 10.0.0.0/8: no such file
    geo: { overrides: [10.0.0.0/8, more.yaml] }
                       ^^^^^^^^^^
    for a prefix write { prefix: PREFIX, sites: [SITE] }
windrose.yaml:1:32: geo.overrides[1]: cannot read more.yaml: no such file
    geo: { overrides: [10.0.0.0/8, more.yaml] }
                                   ^^^^^^^^^`,
  ],
  [
    'mistakes in a file',
    {
      'windrose.yaml': `geo:
  overrides:
    - { prefix: 10.20.0.0/16, sites: [fra] }
    - geo/more.yaml
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
      'geo/more.yaml': `# offices
- { prefix: 10.20.0.0/16, sites: [iadd] }
- { prefix: 10.21.0.0/33, sites: [iad] }
`,
    },
    `geo/more.yaml:2:13: [0].prefix: 10.20.0.0/16 is there twice
    - { prefix: 10.20.0.0/16, sites: [iadd] }
                ^^^^^^^^^^^^
    first at windrose.yaml:3:17
geo/more.yaml:2:35: [0].sites[0]: there is no site "iadd"
    - { prefix: 10.20.0.0/16, sites: [iadd] }
                                      ^^^^
    did you mean "iad"?
geo/more.yaml:3:13: [1].prefix: "10.21.0.0/33" is not a prefix
    - { prefix: 10.21.0.0/33, sites: [iad] }
                ^^^^^^^^^^^^
    for example 10.20.0.0/16 or "2001:db8::/32"`,
  ],
  [
    'mistakes in the shape of a file',
    {
      'windrose.yaml': `geo: { overrides: [geo/more.yaml, geo/other.yaml] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
      'geo/more.yaml': `- { prefix: 10.20.0.0/16, site: [iad] }
`,
      'geo/other.yaml': `a: 1
`,
    },
    `geo/more.yaml:1:27: [0]: unknown key "site"
    - { prefix: 10.20.0.0/16, site: [iad] }
                              ^^^^
    did you mean "sites"?
geo/other.yaml:1:1: expected a list of overrides
    a: 1
    ^
    for example [{ prefix: 10.20.0.0/16, sites: [fra] }]`,
  ],
  [
    'databases that are of no use',
    {
      'windrose.yaml': `geo: { databases: [org.zone, none.mmdb] }
sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:1:20: geo.databases[0]: geo database org.zone: not an MMDB file, or cut off before its end; download it again in the .mmdb format
    geo: { databases: [org.zone, none.mmdb] }
                       ^^^^^^^^
windrose.yaml:1:30: geo.databases[1]: geo database none.mmdb: no such file; check the path under geo.databases
    geo: { databases: [org.zone, none.mmdb] }
                                 ^^^^^^^^^`,
  ],
]

describe('the geography', () => {
  test.each(MISTAKES)('is told of %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })

  test('has the overrides of the file and of the files that it names, in their order', async () => {
    const { configuration, problems } = await readWritten({
      'windrose.yaml': `sites: { fra: {}, iad: {} }
geo:
  overrides:
    - { prefix: 10.20.0.0/16, sites: [fra], comment: office }
    - geo/more.yaml
    - { prefix: 192.0.2.1, sites: [iad, fra] }
`,
      'geo/more.yaml': '- { prefix: "2001:db8::/32", sites: [iad] }\n',
    })
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(configuration?.geo.rules).toEqual([
      { prefix: readPrefix('10.20.0.0/16')?.prefix, sites: [0], comment: 'office' },
      { prefix: readPrefix('2001:db8::/32')?.prefix, sites: [1], comment: '' },
      { prefix: readPrefix('192.0.2.1/32')?.prefix, sites: [1, 0], comment: '' },
    ])
    expect(configuration?.files.map((file) => file.replace(/^.*windrose-config-[^/]*/, ''))).toEqual([
      '/windrose.yaml',
      '/geo/more.yaml',
    ])
  })

  test('may come from a file that holds nothing yet', async () => {
    const { configuration } = await readWritten({
      'windrose.yaml': 'geo: { overrides: [more.yaml] }\n',
      'more.yaml': '# none\n',
    })
    expect(configuration?.geo.rules).toEqual([])
  })
})
