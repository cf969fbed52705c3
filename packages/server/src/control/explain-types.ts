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
  /** The names of the CNAME chain in their order. */
  readonly names: readonly ExplainedNameBody[]
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

export interface ExplainedNameBody {
  readonly owner: string
  /** What the zones hold for it: `steered`, `rrset`, `cname`, `nodata`, `nxdomain`, `referral`, `dname`, `outside`. */
  readonly kind: string
  readonly zone?: string
  readonly service?: string
  readonly clientClass?: {
    readonly number: number
    readonly rule: { readonly prefix: string; readonly comment: string } | null
    /** Of the geo steps of the service and of those nested in it. */
    readonly areas: readonly ExplainedAreaBody[]
    readonly sites: readonly string[]
  }
  /** Prefix length for which the decision holds. */
  readonly scope?: number
  readonly decision?: DecisionBody
  /** Which variant the client got and by what, where the decision's variants are picked by client. */
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
}
