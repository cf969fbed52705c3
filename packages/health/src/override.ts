/** An operator's forced state, with who wanted it, why, and until when. */
export interface Override {
  readonly id: string
  readonly target: OverrideTarget
  /** `drain` serves only when nothing else is up; `down` never serves; `up` serves whatever the checks say. */
  readonly action: 'drain' | 'down' | 'up'
  readonly reason: string
  readonly author: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds; left out, the override stands until it is removed. */
  readonly expiresAt?: number
}

/** What an override speaks of. Every name may be a pattern in which `*` stands for any characters. */
export type OverrideTarget =
  | { readonly kind: 'site'; readonly site: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'pool'; readonly service: string; readonly site: string }
  | { readonly kind: 'endpoint'; readonly service: string; readonly site: string; readonly endpoint: string }
