import { z } from 'zod'
import { integerBetween, nameSchema, switchSchema } from './name.ts'

/** What checks must say for an endpoint to be up, as the file says it: the name of one, or a mapping with one way. */
export type CheckRuleSettings = string | CheckRuleOptions

export interface CheckRuleOptions {
  readonly check?: string | undefined
  readonly critical?: boolean | undefined
  readonly observe?: boolean | undefined
  readonly all?: readonly CheckRuleSettings[] | undefined
  readonly any?: readonly CheckRuleSettings[] | undefined
  readonly at_least?: number | undefined
  readonly of?: readonly CheckRuleSettings[] | undefined
}

const ruleSchema: z.ZodType<CheckRuleSettings> = z
  .lazy(() =>
    z.union([nameSchema, optionsSchema], {
      error:
        'expected a check or a combination\nCHECK (in quotes if it looks like a number), { check: CHECK, critical: true }, { all: [...] }, { any: [...] } or { at_least: 2, of: [...] }',
    }),
  )
  .meta({ id: 'check_rule' })

const listSchema = z.array(ruleSchema).min(1)

const optionsSchema: z.ZodType<CheckRuleOptions> = z
  .strictObject({
    check: nameSchema.optional().describe('One check, for which something is said.'),
    critical: switchSchema.optional().describe('Its down takes the endpoint down, whatever the others say.'),
    observe: switchSchema.optional().describe('It never counts, and is only shown.'),
    all: listSchema.optional().describe('All of these must be up.'),
    any: listSchema.optional().describe('One of these must be up.'),
    at_least: integerBetween(1, 255).optional().describe('How many of those in "of" must be up.'),
    of: listSchema.optional().describe('What "at_least" counts.'),
  })
  .refine((rule) => WAYS.filter((key) => rule[key] !== undefined).length === 1, {
    error: 'has exactly one of "check", "all", "any" and "at_least"',
  })
  .refine((rule) => (rule.at_least === undefined) === (rule.of === undefined), {
    error: '"at_least" and "of" stand together\nfor example { at_least: 2, of: [a, b, c] }',
  })
  .refine((rule) => rule.check !== undefined || (rule.critical === undefined && rule.observe === undefined), {
    error: '"critical" and "observe" are said of one check\nfor example { check: NAME, critical: true }',
  })
  .refine((rule) => !(rule.critical && rule.observe), {
    error: 'a check that never counts cannot be critical\nkeep "critical" or "observe"',
  })
  .meta({ id: 'check_combination' })

const WAYS = ['check', 'all', 'any', 'at_least'] as const

/** A list, all of which must be up, or one combination. */
export const checkRulesSchema: z.ZodType<readonly CheckRuleSettings[]> = z
  .union([z.array(ruleSchema), optionsSchema], {
    error: 'expected checks\na list such as [CHECK], or { all: [...] }, { any: [...] }, { at_least: 2, of: [...] }',
  })
  .transform((rule) => ('length' in rule ? rule : [rule]))

/** The names of all checks in a rule. */
export function checkNamesIn(rule: CheckRuleSettings): readonly string[] {
  if (typeof rule === 'string') return [rule]
  if (rule.check !== undefined) return [rule.check]
  return (rule.all ?? rule.any ?? rule.of ?? []).flatMap(checkNamesIn)
}
