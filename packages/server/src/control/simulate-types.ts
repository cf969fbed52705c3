/** POST /api/v1/simulate, the request: what is to be tried, and what is asked about. */
export interface SimulationRequest {
  /** `A` by default. */
  readonly type?: 'A' | 'AAAA'
  /** Only this service; by default all. */
  readonly service?: string
  /** Only the service that this name is steered by. */
  readonly name?: string
  /** Sites that are lost: everything in them fails its checks. */
  readonly kill?: readonly string[]
  /** Sites that are drained. */
  readonly drain?: readonly string[]
  /** Targets as of overrides, with the state that their checks, or a drain, would give them. */
  readonly set?: readonly StateChange[]
  /** Absolute path of another configuration, read on the server's machine. */
  readonly config?: string
  /** Recorded queries, one a line. */
  readonly queries?: string
}

export interface StateChange {
  readonly target: string
  readonly state: 'up' | 'down' | 'drained'
}

/** POST /api/v1/simulate. Shares are 0 to 1. */
export interface SimulationBody {
  readonly type: 'A' | 'AAAA'
  readonly before: SimulatedSideBody
  readonly after: SimulatedSideBody
  /** What differs between the two, in words; none: nothing was tried. */
  readonly changes: readonly string[]
  readonly databases: readonly SimulatedDatabaseBody[]
  /** The sites of both sides. */
  readonly sites: readonly SimulatedSiteBody[]
  readonly services: readonly SimulatedServiceBody[]
  /** The recorded queries of all services; null without a log. */
  readonly demand: DemandBody | null
  /** Sentences about what the numbers do not say. */
  readonly notes: readonly string[]
  /** How long it took. */
  readonly seconds: number
}

export interface SimulatedSideBody {
  readonly file: string
  readonly revision: string
  /** Whether endpoints have the verdicts and overrides of a running server, or are all taken to be up. */
  readonly verdicts: 'present' | 'all up'
}

export interface SimulatedDatabaseBody {
  readonly file: string
  readonly type: string
  readonly precision: 'city' | 'country' | 'asn'
  readonly built: string
  /** The line that its licence asks to show. */
  readonly attribution?: string
}

export interface SimulatedSiteBody {
  readonly name: string
  readonly country: string | null
  readonly latitude: number | null
  readonly longitude: number | null
}

export interface SimulatedServiceBody {
  readonly service: string
  /** The service after the change, where the name is then steered by another; null where it is not there any more. */
  readonly serviceAfter: string | null
  /** The sites of its pools, before or after. */
  readonly sites: readonly string[]
  /** Clients that the databases place: /24s of IPv4, /48s of IPv6. */
  readonly ipv4: PopulationBody
  readonly ipv6: PopulationBody
  /** Recorded queries for this service; null without a log. */
  readonly queries: PopulationBody | null
  /** Networks that the configuration names and no database places, such as private ones. */
  readonly named: FamiliesBody
  /** By ISO 3166-1 alpha-2; `??` where the databases know the place and not the country. Most /24s first. */
  readonly countries: readonly (FamiliesBody & { readonly country: string })[]
  /** By AS, where a database knows them: those that move most first, then the largest. */
  readonly networks: readonly (FamiliesBody & { readonly asn: number; readonly organisation: string })[]
  /** How many more there are than `networks` has. */
  readonly networksLeftOut: number
  /** Of the sites that tell their capacity. */
  readonly capacity: readonly CapacityBody[]
}

export interface FamiliesBody {
  readonly ipv4: PopulationBody
  readonly ipv6: PopulationBody
}

/** Some clients: where they are sent before and after the change, and who moves. */
export interface PopulationBody {
  /** /24s, /48s, or queries: prefixes that are longer count as the part that they are. */
  readonly units: number
  /** Largest first. Empty where there are no units. */
  readonly before: readonly SiteShareBody[]
  readonly after: readonly SiteShareBody[]
  /** The share that is sent to another site. */
  readonly moved: number
  /** Largest first. */
  readonly moves: readonly MoveBody[]
}

/** `site` is null for clients that are given no address. */
export interface SiteShareBody {
  readonly site: string | null
  readonly share: number
}

export interface MoveBody {
  readonly from: string | null
  readonly to: string | null
  readonly share: number
}

/** A site's capacity against its share of the clients. */
export interface CapacityBody {
  readonly site: string
  /** Answers a second. */
  readonly capacity: number
  /** Of all sites that get clients after the change; null where one of them does not tell its capacity. */
  readonly capacityShare: number | null
  /** Shares of the /24s. */
  readonly before: number
  readonly after: number
  /** The demand of the whole service above which the site has more than its capacity; null where it gets no clients. */
  readonly holdsBefore: number | null
  readonly holdsAfter: number | null
  /** Whether its share of clients after the change is above its share of capacity; null where that is not known. */
  readonly over: boolean | null
}

/** What recorded queries mean for the sites. */
export interface DemandBody {
  /** Queries of the log, and those that no service answers. */
  readonly queries: number
  readonly others: number
  readonly badLines: readonly { readonly line: number; readonly reason: string }[]
  /** How many more bad lines there are. */
  readonly badLinesLeftOut: number
  /** From the first to the last query; null where the log has no times. */
  readonly seconds: number | null
  readonly sites: readonly SiteDemandBody[]
}

export interface SiteDemandBody {
  readonly site: string
  readonly queriesBefore: number
  readonly queriesAfter: number
  /** Queries a second; null where the log has no times. */
  readonly rateBefore: number | null
  readonly rateAfter: number | null
  readonly capacity: number | null
  /** Whether the rate after the change is above the capacity; null where one of them is not known. */
  readonly exceeded: boolean | null
}
