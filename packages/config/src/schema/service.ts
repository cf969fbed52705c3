import { z } from 'zod'
import { type CheckRuleSettings, checkRulesSchema } from './check-rule.ts'
import { ttlSchema } from './duration.ts'
import { integerBetween, nameSchema, switchSchema, textSchema } from './name.ts'
import { policySchema, type StepSettings } from './policy.ts'

/** What a steered name points at, as the file says it. */
export interface ServiceSettings {
  readonly policy: readonly StepSettings[]
  readonly checks: readonly CheckRuleSettings[]
  readonly answers?: number | 'all' | undefined
  readonly min_answers: number
  readonly distinct_by?: 'site' | 'risk_group' | undefined
  readonly missing_family: 'next_site' | 'same_site'
  /** Seconds. */
  readonly ttl: { readonly max: number; readonly min?: number | undefined }
  readonly capacity: 'off' | 'spill' | 'balance' | 'shed' | 'shed_uncapped'
  readonly panic: number
  readonly on_all_down: 'serve_all' | 'nodata' | 'servfail'
  readonly pools: Readonly<Record<string, PoolSettings>>
}

/** The endpoints of a pool, or the service that it stands for. */
export type PoolSettings = readonly EndpointSettings[] | NestedSettings

export interface NestedSettings {
  readonly service: string
  readonly weight: number
}

/** One endpoint of a pool: an address or a CNAME target. */
export interface EndpointSettings {
  readonly address?: string | undefined
  readonly cname?: string | undefined
  readonly alias?: string | undefined
  readonly weight: number
  readonly standby?: boolean | undefined
  /** Instead of the service's checks. */
  readonly checks?: readonly CheckRuleSettings[] | undefined
}

const endpointOptionsSchema = z
  .strictObject({
    address: textSchema.optional().describe('An IPv4 or IPv6 address.'),
    cname: textSchema.optional().describe('A domain name, answered as a CNAME.'),
    alias: textSchema
      .optional()
      .describe('A domain name, answered with the addresses that it has: unlike a CNAME also at an apex.'),
    weight: integerBetween(0, 65_535)
      .prefault(1)
      .describe('The share of answers, against the other weights. 0 is never served.'),
    standby: switchSchema.optional().describe('Served only when nothing else is up.'),
    checks: checkRulesSchema.optional().describe("Checks for this endpoint, instead of the service's."),
  })
  .refine(({ address, cname, alias }) => [address, cname, alias].filter((one) => one !== undefined).length === 1, {
    error: 'an endpoint has one of "address", "cname" and "alias"',
  })

const endpointSchema: z.ZodType<EndpointSettings> = z
  .union([textSchema, endpointOptionsSchema], {
    error: 'expected an endpoint\nan address, { address: ADDRESS, weight: 1 }, { cname: NAME } or { alias: NAME }',
  })
  .transform((endpoint) => (typeof endpoint === 'string' ? { address: endpoint, weight: 1 } : endpoint))

const nestedSchema: z.ZodType<NestedSettings> = z.strictObject({
  service: nameSchema.describe('Another service: it decides by its own policy what is answered here.'),
  weight: integerBetween(0, 65_535)
    .prefault(1)
    .describe('Its share of answers against the other weights of the tier. 0 is never served.'),
})

const poolSchema: z.ZodType<PoolSettings> = z.union([z.array(endpointSchema), nestedSchema], {
  error: 'expected a list of endpoints\nfor example [192.0.2.10], or { service: NAME }',
})

export const serviceSchema: z.ZodType<ServiceSettings> = z.strictObject({
  policy: policySchema.describe(
    'How pools become an answer: nearest, failover (pools in the order of the file), latency, weighted, consistent (each client keeps its answer), round_robin or all, or a list of steps such as [{ failover: [[fra, iad], sin] }, nearest, weighted].',
  ),
  checks: checkRulesSchema
    .prefault([])
    .describe(
      'The checks that every endpoint must pass: a list, or a combination with all, any or at_least. Without any, endpoints always count as up.',
    ),
  answers: z
    .union([integerBetween(1, 64), z.literal('all')], { error: 'expected a number of answers\n1 to 64, or all' })
    .optional()
    .describe(
      'How many addresses one answer holds, or "all". By default 1 if the policy has a weighted, consistent or round_robin step, else all.',
    ),
  min_answers: integerBetween(1, 64)
    .prefault(1)
    .describe(
      'How many addresses an answer has at least: where the serving tier has fewer that are up, the next tiers add theirs.',
    ),
  distinct_by: z
    .enum(['site', 'risk_group'])
    .optional()
    .describe('That an answer has at most one address of a site, or of sites that share a risk group.'),
  missing_family: z
    .enum(['next_site', 'same_site'])
    .prefault('next_site')
    .describe(
      'What is answered where the chosen site has no address of the family asked for: those of the next site that has, or none.',
    ),
  ttl: z
    .union(
      [
        ttlSchema,
        z.strictObject({
          max: ttlSchema.prefault('30s').describe('The longest TTL of an answer.'),
          min: ttlSchema.optional().describe('The shortest TTL of an answer. By default half of max.'),
        }),
      ],
      { error: 'expected a TTL\nfor example 30s or { max: 30s, min: 10s }' },
    )
    .prefault('30s')
    .transform((ttl) => (typeof ttl === 'number' ? { max: ttl } : ttl))
    .describe('For how long resolvers may keep an answer: the longest, or { max, min }.'),
  capacity: z
    .enum(['off', 'spill', 'balance', 'shed', 'shed_uncapped'])
    .prefault('off')
    .describe(
      'What is done when a site is full: nothing, clients go to the next site as far as that has room, all sites are filled at the least distance, or a share is turned away between two marks, as far as the next site has room or (shed_uncapped) whatever it has.',
    ),
  panic: z
    .number()
    .min(0)
    .max(1)
    .prefault(0.5)
    .describe('When less than this share of the weight of a pool is up, its health is ignored. 0 turns that off.'),
  on_all_down: z
    .enum(['serve_all', 'nodata', 'servfail'])
    .prefault('serve_all')
    .describe('What is answered when every endpoint is down: all of them, an empty answer, or SERVFAIL.'),
  pools: z.record(nameSchema, poolSchema).describe('The endpoints, by site; or another service in place of a list.'),
})

export const servicesSchema: z.ZodType<Readonly<Record<string, ServiceSettings>>> = z
  .record(nameSchema, serviceSchema)
  .prefault({})
  .describe('What steered names point at, by name. "whoami" is built in.')
