import { isGlob, matchGlob } from './glob.ts'
import type { OverrideTarget } from './override.ts'
import { matchesOverride, printOverrideTarget, splitEndpointId } from './override-match.ts'
import { suggestName } from './suggest-name.ts'

/** The names that an override can speak of. */
export interface KnownNames {
  readonly sites: readonly string[]
  readonly services: readonly string[]
  /** All endpoints as `service/site/target`. */
  readonly endpoints: readonly string[]
}

export type OverrideTargetRead =
  /** `warning` is a sentence when nothing known matches. */
  { readonly target: OverrideTarget; readonly warning?: string } | { readonly problem: string }

/**
 * Reads what an operator typed.
 *
 *   fra                 a site or a service, whichever has that name
 *   site:fra  service:web    which of the two is meant
 *   web/fra             a pool
 *   web/fra/192.0.2.10  an endpoint
 *
 * `*` in a part stands for any characters. A plain name must be known; a pattern that matches nothing is accepted with
 * a warning, for what it should match may come later.
 */
export function readOverrideTarget(text: string, known: KnownNames): OverrideTargetRead {
  const [first = '', second, ...rest] = text.split('/')
  const third = rest.length > 0 ? rest.join('/') : undefined
  if (first === '' || second === '' || third === '') return { problem: `"${text}" has an empty part; ${FORMS}` }
  if (second === undefined) return readSiteOrService(text, known)
  const service = requireName('service', first, known.services)
  if (service !== undefined) return { problem: service }
  const site = requireName('site', second, known.sites)
  if (site !== undefined) return { problem: site }
  if (third === undefined) return checkPool({ kind: 'pool', service: first, site: second }, known)
  return checkEndpoint({ kind: 'endpoint', service: first, site: second, endpoint: third }, known)
}

function readSiteOrService(text: string, known: KnownNames): OverrideTargetRead {
  const prefixed = /^(site|service):(.+)$/.exec(text)
  if (prefixed !== null) return readPrefixed(prefixed[1] as 'site' | 'service', prefixed[2]!, known)
  const isSite = known.sites.some((name) => matchGlob(text, name))
  const isService = known.services.some((name) => matchGlob(text, name))
  if (isSite && isService)
    return { problem: `"${text}" fits a site and a service; write site:${text} or service:${text}` }
  if (isSite) return { target: { kind: 'site', site: text } }
  if (isService) return { target: { kind: 'service', service: text } }
  if (isGlob(text))
    return { problem: `"${text}" matches no site and no service; write site:${text} or service:${text}` }
  return { problem: `no site or service is named "${text}"${didYouMean(text, [...known.sites, ...known.services])}` }
}

function readPrefixed(kind: 'site' | 'service', name: string, known: KnownNames): OverrideTargetRead {
  const problem = requireName(kind, name, kind === 'site' ? known.sites : known.services)
  if (problem !== undefined) return { problem }
  return warnOfNothing(kind === 'site' ? { kind, site: name } : { kind, service: name }, known)
}

function checkPool(target: OverrideTarget & { kind: 'pool' }, known: KnownNames): OverrideTargetRead {
  const { service, site } = target
  if (isGlob(service) || isGlob(site) || isMatched(target, known)) return warnOfNothing(target, known)
  const sites = new Set(known.endpoints.map(splitEndpointId).flatMap((id) => (id.service === service ? [id.site] : [])))
  return { problem: `service "${service}" has no pool at site "${site}"; it has ${[...sites].join(', ') || 'none'}` }
}

function checkEndpoint(target: OverrideTarget & { kind: 'endpoint' }, known: KnownNames): OverrideTargetRead {
  const { service, site, endpoint } = target
  if ([service, site, endpoint].some(isGlob) || isMatched(target, known)) return warnOfNothing(target, known)
  const pool = checkPool({ kind: 'pool', service, site }, known)
  if ('problem' in pool) return pool
  const siblings = known.endpoints
    .map(splitEndpointId)
    .flatMap((id) => (id.service === service && id.site === site ? [id.endpoint] : []))
  return { problem: `pool "${service}/${site}" has no endpoint "${endpoint}"${didYouMean(endpoint, siblings)}` }
}

function warnOfNothing(target: OverrideTarget, known: KnownNames): OverrideTargetRead {
  if (isMatched(target, known)) return { target }
  return { target, warning: `${printOverrideTarget(target)} matches no endpoint now` }
}

function isMatched(target: OverrideTarget, known: KnownNames): boolean {
  return known.endpoints.some((id) => matchesOverride(target, id))
}

/** A sentence when a plain name is not known; patterns are let through. */
function requireName(kind: 'site' | 'service', name: string, names: readonly string[]): string | undefined {
  if (isGlob(name) || names.includes(name)) return undefined
  return `no ${kind} is named "${name}"${didYouMean(name, names)}`
}

function didYouMean(name: string, names: readonly string[]): string {
  const suggestion = suggestName(name, names)
  if (suggestion !== undefined) return `; did you mean "${suggestion}"?`
  return names.length > 0 && names.length <= 12 ? `; known are ${names.join(', ')}` : ''
}

const FORMS = 'write a site, a service, service/site or service/site/endpoint'
