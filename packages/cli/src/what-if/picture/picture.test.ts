import type { PopulationBody, SimulatedServiceBody, SimulationBody } from '@windrose/server'
import fc from 'fast-check'
import { drawPicture } from './draw-picture.ts'
import { equalEarth } from './equal-earth.ts'
import { SiteFills } from './site-fills.ts'
import { WORLD_SHAPES } from './world-shapes.ts'
import { writePage } from './write-page.ts'

describe('the projection', () => {
  // As d3-geo 3.1.2 projects them.
  test.each([
    [0, 90, 720.0, 0.0],
    [50.11, 8.68, 499.076, -167.283],
    [38.95, -77.45, 295.76, -134.099],
    [-33.9, 151.2, 850.05, 117.978],
    [84, -30, 431.87, -231.736],
    [-56, -68, 338.034, 183.093],
  ])('puts %d, %d where Equal Earth has it', (latitude, longitude, x, y) => {
    const [gotX, gotY] = equalEarth(latitude, longitude, 960)
    expect([gotX, gotY].map((value) => value.toFixed(2))).toEqual([x.toFixed(2), y.toFixed(2)])
  })
})

describe('the outlines', () => {
  test('are closed paths of whole numbers, by country code', () => {
    for (const [code, path] of Object.entries(WORLD_SHAPES)) {
      expect(code).toMatch(/^([A-Z]{2})?$/)
      expect(path).toMatch(/^(M-?\d+[ -]\d+l-?\d+([ -]\d+)+z)+$/)
    }
    for (const code of ['DE', 'US', 'CN', 'BR', 'ZA', 'FJ', 'RU']) expect(WORLD_SHAPES).toHaveProperty(code)
  })

  test('stay on the map: what lies on both sides of 180 degrees is cut there', () => {
    for (const path of Object.values(WORLD_SHAPES)) {
      for (const ring of path.split('z').slice(0, -1)) {
        const [x0, , ...steps] = ring.match(/-?\d+/g)!.map(Number) as [number, number, ...number[]]
        let x = x0
        const xs = [x, ...steps.filter((_, i) => i % 2 === 0).map((dx) => (x += dx))]
        expect(Math.min(...xs)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...xs)).toBeLessThanOrEqual(9600)
        expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(4500)
      }
    }
  })
})

const population = (units: number, before: readonly [string | null, number][], after = before): PopulationBody => {
  const print = (shares: typeof before) => shares.map(([site, share]) => ({ site, share }))
  return { units, before: print(before), after: print(after), moved: before === after ? 0 : 1, moves: [] }
}
const NOBODY = population(0, [])

function bodyOf(countries: Readonly<Record<string, PopulationBody>>, changes: readonly string[] = []): SimulationBody {
  const service: SimulatedServiceBody = {
    service: 'web<1>',
    serviceAfter: 'web<1>',
    sites: ['fra', 'iad & co'],
    ipv4: population(3, [['fra', 1]]),
    ipv6: NOBODY,
    queries: null,
    named: { ipv4: NOBODY, ipv6: NOBODY },
    countries: Object.entries(countries).map(([country, ipv4]) => ({ country, ipv4, ipv6: NOBODY })),
    networks: [],
    networksLeftOut: 0,
    capacity: [],
  }
  const side = { file: '/etc/"windrose".yaml', revision: 'abc', verdicts: 'all up' } as const
  return {
    type: 'A',
    before: side,
    after: side,
    changes,
    databases: [{ file: '/x.mmdb', type: 'made', precision: 'country', built: '2026-01-01T00:00:00.000Z' }],
    sites: [
      { name: 'fra', country: 'DE', latitude: 50.11, longitude: 8.68 },
      { name: 'iad & co', country: 'US', latitude: 38.95, longitude: -77.45 },
      { name: 'lost', country: null, latitude: null, longitude: null },
    ],
    services: [service],
    demand: null,
    notes: ['a < b'],
    seconds: 1,
  }
}

/** Names of elements that are open at the end; throws where one is closed that is not open. */
function openElements(markup: string): string[] {
  const open: string[] = []
  for (const [, close, name, , self] of markup.matchAll(/<(\/?)([a-z0-9]+)((?:\s[^<>]*?)?)(\/?)>/gi)) {
    if (close === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`)
    } else if (self !== '/' && !['meta', '!doctype'].includes(name!)) open.push(name!)
  }
  return open
}

const MOVED = bodyOf(
  {
    DE: population(2, [['fra', 1]], [['iad & co', 1]]),
    US: population(1, [
      ['iad & co', 0.6],
      ['fra', 0.4],
    ]),
    SG: population(1, [['fra', 1]], [[null, 1]]),
    '??': population(1, [['fra', 1]]),
  },
  ['kill fra'],
)

describe('a picture', () => {
  const [service] = MOVED.services as [SimulatedServiceBody]

  test('is one well-formed document in which names are escaped', () => {
    for (const markup of [drawPicture(MOVED, service), writePage(MOVED)]) {
      expect(openElements(markup)).toEqual([])
      expect(markup).toContain('web&lt;1&gt; A: kill fra')
      expect(markup).toContain('iad &amp; co')
      expect(markup).not.toContain('web<1>')
    }
  })

  test('defines all that it refers to, and refers to nothing else', () => {
    for (const markup of [drawPicture(MOVED, service), writePage(MOVED)]) {
      const ids = new Set([...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
      const used = [...markup.matchAll(/(?:href="|url\()#([^")]+)/g)].map(([, id]) => id!)
      expect(used.length).toBeGreaterThan(300)
      expect(used.filter((id) => !ids.has(id))).toEqual([])
      expect(markup).not.toMatch(/(?:href|src)="(?!#)|url\((?!#)|@import/)
    }
  })

  test('fills a country by where most of its clients go, now and then, and says the numbers', () => {
    const maps = drawPicture(MOVED, service).split('class="globe"').slice(1)
    expect(maps).toHaveLength(2)
    const look = (map: string, code: string): string => new RegExp(`<use ([^>]*) href="#land-${code}"`).exec(map)![1]!
    expect(maps.map((map) => look(map, 'DE'))).toEqual([
      'class="country" fill="#0072b2"',
      'class="country" fill="#e69f00"',
    ])
    expect(maps.map((map) => look(map, 'US'))).toEqual([
      expect.stringMatching(/^class="country" fill="url\(#mix-1-0-4/),
      expect.stringMatching(/^class="country stays" fill="url\(#mix-1-0-4/),
    ])
    expect(look(maps[0]!, 'FR')).toBe('class="land"')
    expect(maps[1]).toContain('<title>Germany (DE)\n2 /24s: fra 100 % → iad &amp; co 100 %</title>')
    // Too small for a shape: a dot.
    expect(maps[1]).toMatch(/<circle class="country" fill="url\(#nobody\)"[^>]*><title>Singapore \(SG\)/)
  })

  test('has one map where nothing is tried', () => {
    const plain = bodyOf({ DE: population(2, [['fra', 1]]) })
    const picture = drawPicture(plain, plain.services[0]!)
    expect(picture.split('class="globe"')).toHaveLength(2)
    expect(picture).toContain('web&lt;1&gt; A, every endpoint up')
  })
})

test('no two of 28 sites are filled alike', () => {
  const names = Array.from({ length: 28 }, (_, i) => `s${i}`)
  const fills = new SiteFills(names)
  const looks = names.map((name) => fills.fill(name))
  const patterns = new Map(
    [...fills.definitions().matchAll(/id="([^"]+)"[^>]*>(.*?)<\/pattern>/g)].map(([, id, parts]) => [id, parts]),
  )
  expect(new Set(looks.map((look) => patterns.get(/#([^)]+)\)/.exec(look)?.[1] ?? '') ?? look)).size).toBe(28)
})

test('any names make a well-formed document', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (site, change) => {
      const body = bodyOf({ DE: population(2, [[site, 1]]) }, [change])
      const named = { ...body, sites: [{ name: site, country: null, latitude: 1, longitude: 1 }] }
      const ipv4 = population(2, [[site, 1]])
      const service = { ...body.services[0]!, service: site, sites: [site], ipv4 }
      expect(openElements(drawPicture(named, service))).toEqual([])
    }),
    { numRuns: 30 },
  )
})
