/** The sites of the differential test, by the numbers in their addresses. */
export const SITES = ['fra', 'iad', 'sin', 'gru', 'syd'] as const
export type SiteName = (typeof SITES)[number]

/** Every replica of the services has a state of its own, so that no test waits for a change. */
export const STATES = 50
/** The last of them have forced states beside the reported ones. */
export const FORCED_FROM = 40

export type Family = 4 | 6

/** The addresses of a site in one replica: three of IPv4, two of IPv6. */
export function addressesOf(state: number, site: SiteName, family: Family): string[] {
  const number = SITES.indexOf(site) + 1
  return family === 4
    ? [1, 2, 3].map((i) => `198.18.${state}.${number * 16 + i}`)
    : [1, 2].map((i) => `2001:db8:${state.toString(16)}:${number}::${i}`)
}

/** The share of its addresses that a pool needs. */
export function thresholdOf(state: number): number {
  if (state % 11 === 10) return 1
  return state % 7 === 6 ? 0.3 : 0.5
}

/** The addresses that are reported down. In most states the families of a site fail together. */
export function downAddresses(random: () => number): Set<string> {
  const down = new Set<string>()
  for (let state = 1; state < STATES; state++) {
    const severity = (state % 10) / 10
    for (const site of SITES) {
      const isApart = state % 5 === 4
      const fails = random() < severity
      for (const family of [4, 6] as const) {
        const fate = isApart ? random() < severity : fails
        for (const address of addressesOf(state, site, family)) {
          if (random() < (fate ? 0.8 : 0.12)) down.add(address)
        }
      }
    }
  }
  return down
}

/** A datacenter of a resource, whose state is forced. */
export interface Forced {
  readonly plugin: 'geoip' | 'metafo'
  readonly service: string
  readonly site: SiteName
  readonly action: 'up' | 'down'
}

/** Forced states of the last replicas. */
export const FORCED: readonly Forced[] = [
  { plugin: 'geoip', service: 'geo-40', site: 'fra', action: 'down' },
  { plugin: 'geoip', service: 'geo-41', site: 'iad', action: 'down' },
  { plugin: 'geoip', service: 'geo-41', site: 'sin', action: 'down' },
  { plugin: 'geoip', service: 'geo-42', site: 'fra', action: 'up' },
  { plugin: 'geoip', service: 'near-42', site: 'iad', action: 'up' },
  { plugin: 'geoip', service: 'near-43', site: 'gru', action: 'down' },
  { plugin: 'metafo', service: 'fail-44', site: 'gru', action: 'down' },
  { plugin: 'metafo', service: 'fail-45', site: 'gru', action: 'up' },
  { plugin: 'metafo', service: 'fail-46', site: 'fra', action: 'up' },
  { plugin: 'geoip', service: 'geo-47', site: 'syd', action: 'down' },
  ...SITES.map((site): Forced => ({ plugin: 'geoip', service: 'near-48', site, action: 'down' })),
]
