import { z } from 'zod'
import { switchSchema } from './name.ts'

/** A `geo` step, as the file says it. `Step` is what a policy is made of. */
export interface GeoStepSettings<Step> {
  /** By what stands for the clients: `country:DE`, `10.20.0.0/16`, `default`. */
  readonly areas: Readonly<Record<string, GeoAreaSettings<Step>>>
  /** For the areas that do not say. */
  readonly fence: boolean
}

/** What the clients of an area get. */
export interface GeoAreaSettings<Step> {
  /** Tiers of sites, most preferred first. */
  readonly sites: readonly (string | readonly string[])[]
  readonly fence?: boolean | undefined
  /** Steps that follow for these clients, in place of the service's. */
  readonly policy?: readonly Step[] | undefined
}

/** The schema of the step, from those of a tier and of a policy: an area may have one of its own. */
export function geoStepSchema<Step>(
  tier: z.ZodType<string | readonly string[]>,
  policy: z.ZodType<readonly Step[]>,
): z.ZodType<GeoStepSettings<Step>> {
  const sites = z.array(tier)
  const area: z.ZodType<GeoAreaSettings<Step>> = z
    .union(
      [
        sites,
        z.strictObject({
          sites: sites.describe('Sites in order, most preferred first; a list inside the list is one tier.'),
          fence: switchSchema
            .optional()
            .describe('Whether these clients never leave the listed sites, also when all of them are down.'),
          policy: policy
            .optional()
            .describe('The steps that follow for these clients, instead of those that follow in the service.'),
        }),
      ],
      { error: 'expected sites in order\nfor example [fra, iad], [[fra, iad], sin] or { sites: [fra], fence: on }' },
    )
    .transform((written) => ('length' in written ? { sites: written } : written))
  return z.strictObject({
    areas: z
      .record(z.string(), area, {
        error: 'expected areas with their sites\nfor example { "country:DE": [fra], default: [iad] }',
      })
      .describe(
        'By area, the sites of its clients. The most specific area counts: a prefix (the longest), asn:64500, city:DE/Berlin, subdivision:US/CA, country:DE, continent:EU, default.',
      ),
    fence: switchSchema.prefault(false).describe('The fence of the areas that do not say.'),
  })
}
