import { type CheckLeaf, type CheckRule, leavesOf } from '@windrose/health'
import { isSeq } from 'yaml'
import { type Compilation, isKnown, isLeftOut, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import type { CheckRuleOptions, CheckRuleSettings } from './schema/check-rule.ts'
import { nodeAt } from './source-document.ts'

/** The rule of an endpoint. A check that is not known is left out: it was refused where it is written. */
export function compileCheckRules(
  rules: readonly CheckRuleSettings[],
  checkOf: (name: string) => CheckLeaf | undefined,
): CheckRule {
  const compiled = rules.flatMap((rule) => compileRule(rule, checkOf))
  const [only] = compiled
  if (compiled.length === 1 && only?.kind === 'group') return only
  return { kind: 'group', word: 'all', least: countThatCount(compiled), of: compiled }
}

function compileRule(rule: CheckRuleSettings, checkOf: (name: string) => CheckLeaf | undefined): readonly CheckRule[] {
  if (typeof rule === 'string' || rule.check !== undefined) {
    const { check, critical = false, observe = false } = typeof rule === 'string' ? { check: rule } : rule
    const leaf = checkOf(check ?? '')
    return leaf === undefined ? [] : [{ ...leaf, critical, observe }]
  }
  const { word, of } = wayOf(rule)
  const compiled = of.flatMap((each) => compileRule(each, checkOf))
  const least = word === 'all' ? countThatCount(compiled) : word === 'any' ? 1 : (rule.at_least ?? 1)
  return [{ kind: 'group', word, least, of: compiled }]
}

function wayOf({ all, any, of = [] }: CheckRuleOptions): {
  word: 'all' | 'any' | 'at_least'
  of: readonly CheckRuleSettings[]
} {
  if (all !== undefined) return { word: 'all', of: all }
  return any === undefined ? { word: 'at_least', of } : { word: 'any', of: any }
}

function countThatCount(rules: readonly CheckRule[]): number {
  return rules.filter((rule) => leavesOf(rule).some(({ observe }) => !observe)).length
}

/** Refuses checks that are not there, and numbers that cannot be reached. */
export function refuseBadChecks(
  compilation: Compilation,
  path: DocumentPath,
  rules: readonly CheckRuleSettings[],
): void {
  rules.forEach((rule, i) => {
    // A combination that is written without a list around it.
    const isBare = !isSeq(nodeAt(compilation.document, path))
    refuseBadRule(compilation, isBare ? path : [...path, i], rule)
  })
}

function refuseBadRule(compilation: Compilation, path: DocumentPath, rule: CheckRuleSettings): void {
  if (typeof rule === 'string') refuseUnknown(compilation, path, rule)
  else if (rule.check !== undefined) refuseUnknown(compilation, [...path, 'check'], rule.check)
  else {
    const { word, of } = wayOf(rule)
    const key = word === 'at_least' ? 'of' : word
    of.forEach((each, i) => {
      refuseBadRule(compilation, [...path, key, i], each)
    })
    const counting = of.filter((each) => typeof each === 'string' || each.observe !== true).length
    if (word === 'at_least' && (rule.at_least ?? 1) > counting) {
      const message = `there are only ${counting} that count: it would never be up`
      reportError(compilation, [...path, 'at_least'], message)
    }
  }
}

function refuseUnknown(compilation: Compilation, path: DocumentPath, name: string): void {
  if (isKnown(compilation, 'checks', name) || isLeftOut(compilation, 'checks', name)) return
  const hint = didYouMean(name, Object.keys(compilation.settings.checks)) ?? 'give it an entry in "checks"'
  reportError(compilation, path, `there is no check "${name}"`, hint)
}
