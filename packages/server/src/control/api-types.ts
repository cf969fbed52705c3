/**
 * The bodies of the control API as JSON (docs/control-api.md). Times are ISO 8601 in UTC.
 */

/** GET /readyz */
export interface ReadyBody {
  readonly ready: boolean
  /** A sentence for each thing that is missing. */
  readonly waitingFor: readonly string[]
}

/** GET /api/v1/status */
export interface StatusBody extends ReadyBody {
  readonly version: string
  readonly pid: number
  readonly startedAt: string
  readonly now: string
  readonly config: ConfigBody
  readonly stateDir: string
  /** Where the token lies that changes need. */
  readonly tokenFile: string
  /** `127.0.0.1:53`, `[::1]:53`: what is bound, or is to be while the server is not ready. */
  readonly listen: readonly string[]
  readonly control: string
  readonly transport: { readonly name: 'mmsg' | 'dgram' | 'none'; readonly reason: string }
  readonly threads: readonly ThreadBody[]
  readonly geo: { readonly databases: readonly DatabaseBody[]; readonly lastError?: FailureBody }
  readonly sites: readonly SiteBody[]
  readonly zones: readonly { readonly apex: string; readonly records: number; readonly steered: number }[]
  readonly services: readonly ServiceBody[]
  readonly endpoints: readonly EndpointBody[]
  readonly overrides: readonly OverrideBody[]
  /** Pools that failed and are held back; `until` is null where an operator has to end it. */
  readonly held: FailbackBody['held']
  /** The embedded one. */
  readonly agent: AgentBody | null
  readonly store: StoreBody
  readonly agents: readonly KnownAgentBody[]
}

/** POST /api/v1/failback */
export interface FailbackBody {
  readonly pool: string
  readonly held: readonly { readonly pool: string; readonly until: string | null }[]
}

export interface ConfigBody {
  readonly file: string
  readonly revision: string
  readonly loadedAt: string
  /** While the last reload failed: then an older revision is served. */
  readonly lastError?: FailureBody & { readonly problems: readonly ProblemBody[] }
  /** Keys whose new values wait for a restart. */
  readonly restartNeeded: readonly string[]
}

export interface FailureBody {
  readonly at: string
  readonly message: string
}

/** A problem in a file. Line and column count from 1. */
export interface ProblemBody {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly hint?: string
  readonly sourceLine?: string
}

export interface ThreadBody {
  readonly name: string
  readonly queries: number
  readonly restarts: number
  readonly kernelDrops: number
  readonly sendFailures: number
}

export interface DatabaseBody {
  readonly file: string
  readonly type: string
  readonly precision: 'city' | 'country' | 'asn'
  readonly built: string
  readonly ageDays: number
  /** The line that its licence asks to show. */
  readonly attribution?: string
}

export interface SiteBody {
  readonly name: string
  readonly country: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  /** In the unit of `load`. */
  readonly capacity: number | null
  /** Null where the site has no capacity. */
  readonly load: SiteLoadBody | null
}

export interface SiteLoadBody {
  /** Null where nobody knows. */
  readonly value: number | null
  readonly unit: string
  /** Where `value` is from: see docs/how-to/capacity.md. */
  readonly source: 'counted' | 'reported' | 'last' | 'estimated' | 'unknown'
  /** Since endpoints said it last; null where they never did, or answers are counted. */
  readonly ageSeconds: number | null
  /** The load that one answer a second makes; null where nobody knows. */
  readonly perAnswer: number | null
  /** Why no endpoint says it. */
  readonly problem: string | null
  /** Answers a second: what is sent there and what there is room for. Null on a server that does not place, or without a placed service. */
  readonly placed: {
    readonly answers: number
    readonly room: number
    readonly excess: number
    readonly unspilled: number
  } | null
}

export interface ServiceBody {
  readonly name: string
  readonly ttl: { readonly max: number; readonly min: number }
  /** The kinds of its steps. */
  readonly policy: readonly string[]
  /** By the verdict that steering acts on; drained ones are counted beside. */
  readonly endpoints: {
    readonly total: number
    readonly up: number
    readonly down: number
    readonly unknown: number
    readonly drained: number
  }
}

export type VerdictBody = 'unknown' | 'up' | 'down'

export interface EndpointBody {
  readonly id: string
  readonly service: string
  readonly site: string
  readonly target: string
  readonly weight: number
  /** What steering acts on. */
  readonly verdict: VerdictBody
  /** What the checks say. */
  readonly real: VerdictBody
  readonly flags: readonly ('drained' | 'forced' | 'degraded' | 'stale')[]
  readonly since: string | null
  readonly reason: string
  readonly realReason: string
  /** As the vantages have it that agents speak for, by name. */
  readonly vantages: readonly VantageBody[]
  /** Before checks can change the verdict; null when they cannot. */
  readonly stabilitySeconds: number | null
  /** Id of the override that decides over it. */
  readonly override: string | null
}

/** One endpoint as one vantage has it. */
export interface VantageBody {
  readonly vantage: string
  readonly verdict: VerdictBody
  readonly since: string | null
  /** Of the check that is worst. */
  readonly reason: string
  readonly flags: readonly ('degraded' | 'stale')[]
  /** The median of its agents: how long successful probes take. */
  readonly latencyMs: number | null
}

/** The store, as this server sees it. */
export interface StoreBody {
  readonly kind: 'memory' | 'redis'
  readonly up: boolean
  readonly since: string | null
  /** Why it is out of reach; empty where it is not. */
  readonly reason: string
  /** How long it has been out of reach; 0 while it is not. */
  readonly ageSeconds: number
  /** Whether this server writes the verdict state. */
  readonly keeper: boolean
  /** Records that were refused, by agent; the empty name is that of nobody in particular. */
  readonly refused: Readonly<Record<string, number>>
  /** As whom this server signs the pushes that it takes in, and the key that others are to trust; null where it shares no store. */
  readonly signing: { readonly agent: string; readonly publicKey: string } | null
}

/** An agent, as this server knows it from the store. */
export interface KnownAgentBody {
  readonly name: string
  readonly vantage: string
  readonly incarnation: number
  readonly state: 'alive' | 'isolated' | 'gone'
  /** Whether its vantage is one that has a vote here. */
  readonly vote: boolean
  readonly since: string
  /** Since its lease was last seen. */
  readonly ageSeconds: number
  readonly targets: number
  readonly version: string
}

export interface AgentBody {
  readonly name: string
  readonly vantage: string
  readonly targets: number
  readonly running: number
  readonly results: ProbeResultsBody
  readonly skipped: SkippedBody
  readonly checks: readonly CheckCountsBody[]
}

/** What the embedded agent did for one check. */
export interface CheckCountsBody {
  readonly name: string
  readonly type: string
  readonly targets: number
  readonly running: number
  readonly results: ProbeResultsBody
  readonly skipped: SkippedBody
}

export interface ProbeResultsBody {
  readonly success: number
  readonly failure: number
  readonly inconclusive: number
}

/** Probes that were due and left out. */
export interface SkippedBody {
  readonly stillRunning: number
  readonly tooManyRunning: number
  readonly maxConcurrent: number
  readonly maxRate: number
}

/** An override; `target` can be sent again. */
export interface OverrideBody {
  readonly id: string
  readonly target: string
  readonly kind: 'site' | 'service' | 'pool' | 'endpoint'
  readonly action: 'drain' | 'down' | 'up'
  readonly reason: string
  readonly author: string
  readonly createdAt: string
  readonly expiresAt: string | null
}

/** POST /api/v1/overrides, the request */
export interface OverrideRequest {
  readonly target: string
  readonly action: 'drain' | 'down' | 'up'
  readonly reason: string
  readonly author: string
  /** `2h`; at most one of this and `expires`. */
  readonly for?: string
  readonly expires?: string
}

/** POST and DELETE /api/v1/overrides, the response */
export interface OverrideChangeBody {
  readonly override: OverrideBody
  readonly affected: { readonly endpoints: readonly string[]; readonly services: readonly string[] }
  /** The longest TTL that answers of the affected services can have: after it resolvers have let go of them. */
  readonly ttlSeconds: number
  readonly warnings: readonly string[]
}

/** GET /api/v1/overrides */
export interface OverridesBody {
  readonly overrides: readonly OverrideBody[]
}

/** GET /api/v1/audit: newest first. */
export interface AuditBody {
  readonly actions: readonly AuditActionBody[]
}

export interface AuditActionBody {
  readonly at: string
  readonly action: 'put' | 'remove'
  readonly by: string
  readonly override: OverrideBody
}

/** GET /api/v1/transitions */
export interface TransitionsBody {
  readonly transitions: readonly TransitionBody[]
}

export interface TransitionBody {
  readonly sequence: number
  readonly at: string
  readonly endpoint: string
  readonly from: VerdictBody
  readonly to: VerdictBody
  /** The vantage whose view turned; null for the global one. */
  readonly vantage: string | null
  readonly reason: string
}

/** POST /api/v1/reload */
export interface ReloadBody {
  readonly revision: string
  /** Whether the revision is another one than before. */
  readonly changed: boolean
  readonly loadedAt: string
  readonly restartNeeded: readonly string[]
  readonly warnings: readonly ProblemBody[]
}

/** Every error: RFC 9457. */
export interface ErrorBody {
  readonly type: string
  readonly title: string
  readonly status: number
  /** A sentence for people. */
  readonly detail: string
  /** For a reload that was refused. */
  readonly problems?: readonly ProblemBody[]
}
