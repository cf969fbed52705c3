import type { GdnsdFiles } from '../support/gdnsd.ts'
import { seededRandom } from '../support/mutations.ts'
import { composeClientsDatabase } from './clients-database.ts'
import {
  addressesOf,
  downAddresses,
  type Family,
  FORCED,
  FORCED_FROM,
  SITES,
  type SiteName,
  STATES,
  thresholdOf,
} from './health-states.ts'

const COORDINATES: Readonly<Record<SiteName, string>> = {
  fra: '[50.11, 8.68]',
  iad: '[38.95, -77.45]',
  sin: '[1.35, 103.99]',
  gru: '[-23.43, -46.47]',
  syd: '[-33.94, 151.18]',
}

/** Networks of the map `areas`, in both families and of several lengths. */
export const NETWORKS = [
  ['10.0.0.0/8', '[sin, fra, iad]'],
  ['10.1.0.0/16', '[syd, gru]'],
  ['10.1.2.0/24', '[fra]'],
  ['192.0.2.128/25', '[gru, iad, fra]'],
  ['203.0.113.7/32', '[sin]'],
  ['2001:db8::/32', '[iad, syd]'],
  ['2001:db8:ffff:8000::/49', '[syd, iad]'],
] as const

/** The order of datacenters, which clients without a place get, is that of no place: maps of both programs are the same. */
const MAPS = `
  areas => {
    geoip2_db => clients.mmdb
    datacenters => [iad, fra, sin, gru, syd]
    nets => { ${NETWORKS.map(([network, list]) => `${network} => ${list}`).join(', ')} }
    map => {
      EU => { default => [fra, iad, sin, gru, syd], DE => { default => [fra], Berlin => [fra, iad] } }
      NA => { default => [iad, fra, gru, sin, syd], US => { CA => [iad, syd, sin], Boston => [fra, iad] } }
      SA => [gru, iad]
      AS => { default => [sin, syd, fra], JP => [syd, sin] }
      OC => [syd, sin]
    }
  }
  distance => {
    geoip2_db => clients.mmdb
    datacenters => [syd, fra, gru, iad, sin]
    auto_dc_coords => { ${SITES.map((site) => `${site} => ${COORDINATES[site]}`).join(', ')} }
    auto_dc_limit => 5
    nets => { 10.0.0.0/8 => [syd, gru, sin], 2001:db8::/32 => [gru] }
  }`

/**
 * How the configuration is written: as it is imported; with the families of a resource apart (names end in -4 or -6); or
 * apart, and with pools that fail only when nothing of them is up.
 */
export type Variant = 'whole' | 'apart' | 'any-up'

/** Whether a replica has the services that know no geography; the others have those that do. */
export function isFull(state: number): boolean {
  return state % 5 === 4 || state >= FORCED_FROM
}

/** Files of a gdnsd with the replicas of all services, in one of the variants. */
export function gdnsdFiles(variant: Variant, placesCountries = false): GdnsdFiles {
  const down = downAddresses(seededRandom(2024))
  const lines: string[] = []
  const geoip: string[] = []
  const metafo: string[] = []
  for (let state = 0; state < STATES; state++) {
    for (const families of variant === 'whole' ? [[4, 6] as const] : [[4] as const, [6] as const]) {
      const suffix = variant === 'whole' ? '' : `-${families[0]}`
      const threshold = variant === 'any-up' ? 0.01 : thresholdOf(state)
      const pools = (sites: readonly SiteName[]): string =>
        sites.map((site) => `${site} => ${pool(state, site, families)}`).join(', ')
      const common = `service_types => state, up_thresh => ${threshold}`
      geoip.push(`geo-${state}${suffix} => { map => areas, ${common}, dcmap => { ${pools(SITES)} } }`)
      geoip.push(`near-${state}${suffix} => { map => distance, ${common}, dcmap => { ${pools(SITES)} } }`)
      lines.push(
        ...['geo', 'near'].map((name) => `${name}-${state}${suffix} 300/10 DYNA geoip!${name}-${state}${suffix}`),
      )
      if (!isFull(state)) continue
      metafo.push(
        `fail-${state}${suffix} => { datacenters => [gru, fra, syd], ${common}, dcmap => { ${pools(['gru', 'fra', 'syd'])} } }`,
      )
      metafo.push(
        `nest-${state}${suffix} => { datacenters => [real, backup], dcmap => { real => %geoip!geo-${state}${suffix}, backup => 203.0.113.${state} } }`,
      )
      for (const name of ['fail', 'nest'])
        lines.push(`${name}-${state}${suffix} 300/10 DYNA metafo!${name}-${state}${suffix}`)
    }
  }
  const all = [...SITES.flatMap((site) => everyAddress(site))]
  return {
    config: `
service_types => { state => { plugin => extfile, file => states, direct => true } }
plugins => {
  geoip => { maps => {${MAPS} }, resources => {\n${[...geoip, ...OTHERS.geoip].join('\n')}\n} }
  metafo => { resources => {\n${[...metafo, ...OTHERS.metafo].join('\n')}\n} }
  multifo => { ${OTHERS.multifo} }
  weighted => { ${OTHERS.weighted} }
  simplefo => { ${OTHERS.simplefo} }
}
`,
    'geoip/clients.mmdb': composeClientsDatabase(seededRandom(1969), placesCountries),
    'state/extfile/states': all.map((address) => `${address} => ${down.has(address) ? 'DOWN' : 'UP'}\n`).join(''),
    'state/admin_state': variant === 'whole' ? FORCED.map(({ admin }) => `${admin}\n`).join('') : forcedApart(),
    'zones/example.com': `@ SOA ns1 hostmaster 1 7200 1800 86400 60\n@ NS ns1\nns1 A 192.0.2.53\n${lines.join('\n')}\n${OTHERS.zone}`,
  }
}

function forcedApart(): string {
  return FORCED.flatMap(({ admin }) =>
    [4, 6].map((family) => `${admin.replace(/^(\w+\/[\w-]+)/, `$1-${family}`)}\n`),
  ).join('')
}

function everyAddress(site: SiteName): string[] {
  return Array.from({ length: STATES }, (_, state) =>
    ([4, 6] as const).flatMap((family) => addressesOf(state, site, family)),
  ).flat()
}

function pool(state: number, site: SiteName, families: readonly Family[]): string {
  return `{ ${families.map((family) => `addrs_v${family} => [${addressesOf(state, site, family).join(', ')}]`).join(', ')} }`
}

/** Services of other kinds, of which all is up. */
const OTHERS = {
  geoip: [
    'mixed => { map => areas, dcmap => { fra => %weighted!draw, iad => [192.0.2.31, 192.0.2.32], sin => 192.0.2.33, gru => 192.0.2.34, syd => 192.0.2.35 } }',
  ],
  metafo: [
    'last => { datacenters => [a, b], dcmap => { a => 192.0.2.41, b => sorry.example.net. } }',
    'named => { datacenters => [a], dcmap => { a => www.example.net. } }',
  ],
  multifo: 'all => [192.0.2.21, 192.0.2.22, 192.0.2.23]',
  weighted:
    'draw => { a => [192.0.2.11, 30], b => [192.0.2.12, 10] }, groups => { multi => true, g1 => { a => [192.0.2.13, 1], b => [192.0.2.14, 1] }, g2 => { a => [192.0.2.15, 2] } }, names => { a => [a.example.net., 1], b => [b.example.net., 3] }',
  simplefo: 'pair => { primary => 192.0.2.51, secondary => 192.0.2.52 }',
  zone: `
mixed 300/10 DYNA geoip!mixed
mixed-iad 300/10 DYNA geoip!mixed/iad
last 300/10 DYNC metafo!last
named 300/10 DYNC metafo!named
all 300/10 DYNA multifo!all
draw 300/10 DYNA weighted!draw
groups 300/10 DYNA weighted!groups
names 300/10 DYNC weighted!names
pair 300/10 DYNA simplefo!pair
static 300 A 192.0.2.80
static 300 TXT "a" "b"
*.wild 300 A 192.0.2.81
alias 300 CNAME static
`,
}

/** The names of the services of other kinds. */
export const OTHER_NAMES = namesOf(['mixed', 'mixed-iad', 'last', 'named', 'all', 'draw', 'groups', 'names', 'pair'])

/** Names that nothing steers, and one that is not there. */
export const STATIC_NAMES = namesOf(['static', 'x.wild', 'alias', 'nothing'])

function namesOf(labels: readonly string[]): string[] {
  return labels.map((label) => `${label}.example.com`)
}
