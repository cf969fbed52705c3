import type { Place } from '@windrose/dns'
import type { DraftEndpoint, DraftService, DraftStep } from './draft.ts'

/** How answers come out of the tier that serves: all of its addresses, one drawn by weight, or one by the client. */
export type Draw = 'all' | 'weighted' | 'consistent'

/** A service that is to be made, without name and TTL: names of one source may share it, each with a TTL of its own. */
export interface Recipe {
  readonly place: Place
  /** What it is in the source: `multifo resource "web"`. */
  readonly title: string
  /** More for the comment above the service. */
  readonly remarks?: readonly string[] | undefined
  /** What comes before the draw. */
  readonly steps: readonly DraftStep[]
  readonly draw: Draw
  readonly answers?: number | undefined
  readonly distinctBy?: DraftService['distinctBy']
  readonly missingFamily?: DraftService['missingFamily']
  /** Left out for windrose's own, 0.5. */
  readonly panic?: number | undefined
  /** By site. */
  readonly pools: ReadonlyMap<string, PoolRecipe>
  /** The endpoints, where they could as well be a pool of another service with this draw and panic. */
  readonly endpoints?: readonly DraftEndpoint[] | undefined
}

/** A pool of endpoints, or one that another recipe serves. */
export type PoolRecipe =
  | { readonly kind: 'endpoints'; readonly endpoints: readonly DraftEndpoint[] }
  | {
      readonly kind: 'recipe'
      readonly recipe: Recipe
      readonly weight?: number | undefined
      /** Where its endpoints are, when the name of the pool is that of no site. */
      readonly site?: string | undefined
    }

/** Where endpoints are whose source knows no data centres. */
export const MAIN_SITE = 'main'

/** The share of a pool that must be up where nothing is said. */
export const DEFAULT_PANIC = 0.5
