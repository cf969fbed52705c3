/** GET /api/v1/explain */
export interface ExplanationBody {
  readonly question: {
    readonly name: string
    readonly type: string
    readonly client?: string
    readonly resolver: string
  }
  /** What the databases know of the client; null when they know nothing. */
  readonly place: PlaceBody | null
  readonly response: {
    readonly rcode: string
    readonly flags: readonly string[]
    /** Master file lines. */
    readonly answers: readonly string[]
    readonly authorities: readonly string[]
    readonly additionals: readonly string[]
    /** Of the client subnet in the response; null when there is none. */
    readonly scope: number | null
  }
  /** The names of the CNAME chain in their order, and those whose addresses were answered in their stead. */
  readonly names: readonly ExplainedNameBody[]
}

/** GET /api/v1/explain where the client is an area */
export interface AreaExplanationBody {
  readonly question: ExplanationBody['question']
  /** How many clients the area has: /24s of IPv4 and /48s of IPv6. */
  readonly units: UnitsBody
  /** Those of most /24s first, then of most /48s. */
  readonly classes: readonly ExplainedClientsBody[]
  /** How many smaller classes there are beside these. */
  readonly classesLeftOut: number
}

/** Clients of an area that are told apart by nothing that is asked of them. */
export interface ExplainedClientsBody {
  readonly units: UnitsBody
  /** Of the area's clients, 0 to 1; 0 where it has none of the family. */
  readonly shares: UnitsBody
  /** What one network of them is answered. */
  readonly explanation: ExplanationBody
}

export interface UnitsBody {
  readonly ipv4: number
  readonly ipv6: number
}

export interface PlaceBody {
  readonly address: string
  /** The prefix that the database speaks of. */
  readonly prefix: string
  readonly database: string
  /** Whether the coordinates are the record's own, or stand for its whole country. */
  readonly from?: 'record' | 'country'
  readonly country?: string
  readonly continent?: string
  readonly subdivision?: string
  readonly city?: string
  readonly asn?: number
  readonly organisation?: string
  readonly latitude?: number
  readonly longitude?: number
}

export interface ExplainedNameBody extends Partial<ExplainedDecisionBody> {
  readonly owner: string
  /** What the zones hold for it: `steered`, `rrset`, `cname`, `nodata`, `nxdomain`, `referral`, `dname`, `outside`. */
  readonly kind: string
  readonly zone?: string
  /** Of HTTPS and SVCB records: what was decided of each steered name that they lead to, for both families. */
  readonly hints?: readonly ExplainedHintBody[]
}

export interface ExplainedHintBody extends ExplainedDecisionBody {
  readonly target: string
  /** `ipv4` or `ipv6`. */
  readonly family: string
}

export interface ExplainedDecisionBody {
  readonly service: string
  readonly clientClass?: {
    readonly number: number
    readonly rule: { readonly prefix: string; readonly comment: string } | null
    /** Of the geo steps of the service and of those nested in it. */
    readonly areas: readonly ExplainedAreaBody[]
    readonly sites: readonly string[]
  }
  /** Prefix length for which the decision holds. */
  readonly scope?: number
  readonly decision: DecisionBody
  /** Which of the decision's variants this response has. Where one is drawn, the next response may have another. */
  readonly variant?: number
  /** By what the client got that variant, where they are picked by client. */
  readonly picked?: PickBody
}

export interface ExplainedAreaBody {
  /** The service whose step it is. */
  readonly service: string
  /** As the configuration writes it: `country:DE`; `default` for those of no other area. */
  readonly area: string
  /** The database that says so; null where none does: a prefix matched, or nothing. */
  readonly by: string | null
}

export interface PickBody {
  /** The network that stands for the client. */
  readonly client: string
  /** 0 to `buckets` - 1. */
  readonly bucket: number
  readonly buckets: number
  /** Position in the decision's variants. */
  readonly variant: number
  readonly endpoints: readonly string[]
}

export interface DecisionBody {
  readonly variants: readonly { readonly share: number; readonly endpoints: readonly string[] }[]
  readonly pick: string
  readonly ground: string
  readonly ttl: number
  readonly dependsOnClient: boolean
  /** When time alone would change it; null when it would not. */
  readonly validUntil: string | null
  readonly trace: readonly { readonly stage: string; readonly text: string }[]
  /** With the endpoints of the variants these are all that the service has for the family, each once. */
  readonly leftOut: readonly { readonly endpoint: string; readonly stage: string; readonly reason: string }[]
}
