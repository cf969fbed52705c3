import { printPrefix, SPECIAL_PURPOSE } from '@windrose/ip'
import type { GdnsdFiles } from '../support/gdnsd.ts'
import { seededRandom } from '../support/mutations.ts'
import { composeClientsDatabase } from './clients-database.ts'
import type { Difference } from './differences.ts'
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

/** Networks that say nothing of a place. gdnsd takes what is below ::/96 for IPv4. */
export const SPECIAL_NETWORKS: readonly string[] = SPECIAL_PURPOSE.map(printPrefix).filter(
  (network) => !/^::1?\//.test(network),
)

/** Likewise of the map `distance`. */
const NEAR_NETWORKS = [
  ['10.0.0.0/8', '[syd, gru, sin]'],
  ['2001:db8::/32', '[gru]'],
] as const

function mapsOf(applied: readonly Difference[]): string {
  const unplacesSpecial = applied.includes(
    'a special-purpose client that no network names is placed by its resolver, not by the database',
  )
  const nets = (listed: readonly (readonly [string, string])[], order: string): string =>
    [...listed, ...(unplacesSpecial ? unplaced(listed, order) : [])]
      .map(([network, list]) => `${network} => ${list}`)
      .join(', ')
  return `
  areas => {
    geoip2_db => clients.mmdb
    datacenters => [iad, fra, sin, gru, syd]
    nets => { ${nets(NETWORKS, 'iad, fra, sin, gru, syd')} }
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
    nets => { ${nets(NEAR_NETWORKS, 'syd, fra, gru, iad, sin')} }
  }`
}

/**
 * Special-purpose networks with the order of clients without a place, which is what a resolver on loopback is. The last one
 * stands there twice, so that gdnsd takes it for another list: scopes keep these networks apart from all others.
 */
function unplaced(listed: readonly (readonly [string, string])[], order: string): [string, string][] {
  const networks = SPECIAL_NETWORKS.filter((network) => listed.every(([known]) => known !== network))
  return networks.map((network) => [network, `[${order}, ${order.slice(-3)}]`])
}

/** Whether a replica has the services that know no geography; the others have those that do. */
export function isFull(state: number): boolean {
  return state % 5 === 4 || state >= FORCED_FROM
}

/**
 * Files of a gdnsd with the replicas of all services, the intended differences that are applied written into them. With the
 * families apart, each service is two, whose names end in -4 and -6.
 */
export function gdnsdFiles(applied: readonly Difference[]): GdnsdFiles {
  const down = downAddresses(seededRandom(2024))
  const isApart = applied.includes('each family is judged by its own endpoints')
  const services = STATE_NUMBERS.flatMap((state) =>
    isApart
      ? ([4, 6] as const).flatMap((family) => servicesOf({ state, families: [family], suffix: `-${family}` }, applied))
      : servicesOf({ state, families: [4, 6], suffix: '' }, applied),
  )
  const resources = (plugin: string): string =>
    services
      .map((service) => (service.plugin === plugin ? `${service.name} => { ${service.resource} }\n` : ''))
      .join('')
  const lines = services.map(({ plugin, name }) => `${name} 300/10 DYNA ${plugin}!${name}\n`).join('')
  return {
    config: `
service_types => { state => { plugin => extfile, file => states, direct => true } }
plugins => {
  geoip => { maps => {${mapsOf(applied)} }, ${isForcedOut(applied) ? 'undefined_datacenters_ok => true, ' : ''}resources => {\n${resources('geoip')}${OTHERS.geoip}\n} }
  metafo => { resources => {\n${resources('metafo')}${OTHERS.metafo}\n} }
  multifo => { ${OTHERS.multifo} }
  weighted => { ${OTHERS.weighted} }
  simplefo => { ${OTHERS.simplefo} }
}
`,
    'geoip/clients.mmdb': composeClientsDatabase(seededRandom(1969), applied),
    'state/extfile/states': SITES.flatMap(everyAddress)
      .map((address) => `${address} => ${down.has(address) ? 'DOWN' : 'UP'}\n`)
      .join(''),
    'state/admin_state': FORCED.filter(({ action }) => action === 'up' || !isForcedOut(applied))
      .flatMap(({ plugin, service, site, action }) =>
        (isApart ? ['-4', '-6'] : ['']).map(
          (suffix) => `${plugin}/${service}${suffix}/${site} => ${action.toUpperCase()}\n`,
        ),
      )
      .join(''),
    'zones/example.com': `@ SOA ns1 hostmaster 1 7200 1800 86400 60\n@ NS ns1\nns1 A 192.0.2.53\n${lines}${OTHERS.zone}`,
  }
}

const STATE_NUMBERS = Array.from({ length: STATES }, (_, state) => state)

/** A replica, of both families or of one. */
interface Replica {
  readonly state: number
  readonly families: readonly Family[]
  readonly suffix: string
}

interface Service {
  readonly name: string
  readonly plugin: 'geoip' | 'metafo'
  readonly resource: string
}

function servicesOf({ state, families, suffix }: Replica, applied: readonly Difference[]): Service[] {
  const common = applied.includes(
    'where every pool failed, the first one that has anything up serves, not the first one',
  )
    ? 'service_types => state, up_thresh => 0.01, ignore_health => true'
    : `service_types => state, up_thresh => ${thresholdOf(state)}`
  const dcmap = (sites: readonly SiteName[]): string => {
    const pools = sites.map((site) => `${site} => ${pool(state, site, families)}`)
    // With nobody left there is nothing to answer: an address of the other family says that to gdnsd.
    if (pools.length === 0) pools.push(`fra => ${families[0] === 4 ? '2001:db8::1' : '192.0.2.1'}`)
    return `dcmap => { ${pools.join(', ')} }`
  }
  const left = (service: string, sites: readonly SiteName[]): readonly SiteName[] =>
    isForcedOut(applied) ? sites.filter((site) => !isForcedDown(`${service}-${state}`, site)) : sites
  const byMap = (service: string, map: string): Service => ({
    name: `${service}-${state}${suffix}`,
    plugin: 'geoip',
    resource: `map => ${map}, ${common}, ${dcmap(left(service, SITES))}`,
  })
  const geographic = [byMap('geo', 'areas'), byMap('near', 'distance')]
  if (!isFull(state)) return geographic
  const order = left('fail', ['gru', 'fra', 'syd'])
  // The backup has an address of IPv4 alone.
  const [backup, backupPool] = families.includes(4) ? [', backup', `, backup => 203.0.113.${state}`] : ['', '']
  return [
    ...geographic,
    {
      name: `fail-${state}${suffix}`,
      plugin: 'metafo',
      resource: `datacenters => [${order.join(', ')}], ${common}, ${dcmap(order)}`,
    },
    {
      name: `nest-${state}${suffix}`,
      plugin: 'metafo',
      resource: `datacenters => [real${backup}], dcmap => { real => %geoip!geo-${state}${suffix}${backupPool} }`,
    },
  ]
}

function isForcedOut(applied: readonly Difference[]): boolean {
  return applied.includes('what is forced down is never served, also when all else is down')
}

function isForcedDown(service: string, site: SiteName): boolean {
  return FORCED.some((forced) => forced.action === 'down' && forced.service === service && forced.site === site)
}

/** The addresses of a site in all replicas. */
export function everyAddress(site: SiteName): string[] {
  return STATE_NUMBERS.flatMap((state) => ([4, 6] as const).flatMap((family) => addressesOf(state, site, family)))
}

function pool(state: number, site: SiteName, families: readonly Family[]): string {
  return `{ ${families.map((family) => `addrs_v${family} => [${addressesOf(state, site, family).join(', ')}]`).join(', ')} }`
}

/** Services of other kinds, of which all is up. */
const OTHERS = {
  geoip:
    'mixed => { map => areas, dcmap => { fra => %weighted!draw, iad => [192.0.2.31, 192.0.2.32], sin => 192.0.2.33, gru => 192.0.2.34, syd => 192.0.2.35 } }',
  metafo:
    'last => { datacenters => [a, b], dcmap => { a => 192.0.2.41, b => sorry.example.net. } }, named => { datacenters => [a], dcmap => { a => www.example.net. } }',
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
