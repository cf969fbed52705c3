import { printName, readName } from '@windrose/dns'
import { type Check, type CheckLeaf, leavesOf, makeProbeTarget, type ProbeTarget } from '@windrose/health'
import { printAddress, readAddress } from '@windrose/ip'
import type { Endpoint, Pool } from '@windrose/steering'
import { type Compilation, isKnown, reportAtKey, reportError } from './compilation.ts'
import { compileCheckRules, refuseBadChecks } from './compile-check-rules.ts'
import type { ConfiguredEndpoint, Site } from './configuration.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { groupSites } from './group-sites.ts'
import type { CheckRuleSettings } from './schema/check-rule.ts'
import type { EndpointSettings, NestedSettings, ServiceSettings } from './schema/service.ts'
import { withLoadField } from './with-load-field.ts'

/** What all services share: the rows of the health table and what is probed for them. */
export interface Inventory {
  readonly sites: readonly Site[]
  readonly checks: readonly Check[]
  readonly endpoints: ConfiguredEndpoint[]
  /** By id. */
  readonly probeTargets: Map<string, ProbeTarget>
}

/** A service whose pools are being compiled. */
export interface PoolSource {
  readonly name: string
  readonly index: number
  readonly settings: ServiceSettings
}

/** A pool, or the name of the service that it stands for. */
export type DraftPool = Omit<Pool, 'nested'> & { readonly standsFor?: NestedSettings }

/** The pools in the order of the file; every endpoint takes the next row of the inventory. */
export function compilePools(compilation: Compilation, service: PoolSource, inventory: Inventory): DraftPool[] {
  const path: DocumentPath = ['services', service.name, 'pools']
  const entries = entriesInOrder(compilation.document, path, service.settings.pools)
  if (entries.length === 0) {
    const message = 'needs at least one pool'
    reportAtKey(compilation, {
      severity: 'error',
      path: path.slice(0, -1),
      message,
      hint: 'pools: { SITE: [ADDRESS] }',
    })
  }
  refuseBadChecks(compilation, [...path.slice(0, -1), 'checks'], service.settings.checks)
  const seen = new Map<string, string>()
  const groupOf = groupSites(service.settings.distinct_by, inventory.sites)
  return entries.flatMap(([siteName, list]): DraftPool[] => {
    const site = inventory.sites.findIndex(({ name }) => name === siteName)
    const poolPath = [...path, siteName]
    // A service can stand for more than one site: its pool may have a name of its own.
    if (!('length' in list)) return [{ site, siteName, endpoints: [], standsFor: list }]
    if (site === -1 && !isKnown(compilation, 'sites', siteName)) {
      const hint =
        didYouMean(
          siteName,
          inventory.sites.map(({ name }) => name),
        ) ?? `give it an entry in "sites"`
      reportAtKey(compilation, { severity: 'error', path: poolPath, message: `there is no site "${siteName}"`, hint })
    }
    if (list.length === 0) {
      reportAtKey(compilation, {
        severity: 'error',
        path: poolPath,
        message: 'a pool without endpoints',
        hint: 'remove it',
      })
    }
    const endpoints = list.flatMap((settings, i) => {
      const endpointPath = [...poolPath, i]
      const endpoint = compileEndpoint(compilation, settings, endpointPath)
      if (endpoint === undefined) return []
      const before = seen.get(endpoint.text)
      if (before !== undefined) {
        const hint = `it is already in the pool of "${before}"; a larger share is a larger weight`
        reportError(compilation, endpointPath, `${endpoint.text} is there twice`, hint)
      }
      seen.set(endpoint.text, siteName)
      const checks = settings.checks ?? service.settings.checks
      if (settings.checks !== undefined) refuseBadChecks(compilation, [...endpointPath, 'checks'], checks)
      return [addEndpoint(inventory, { service, site, siteName, checks, settings, group: groupOf(site), ...endpoint })]
    })
    return [{ site, siteName, endpoints }]
  })
}

interface EndpointTarget {
  readonly kind: Endpoint['kind']
  readonly target: Uint8Array
  /** The canonical text. */
  readonly text: string
  readonly isAlias: boolean
}

interface NewEndpoint extends EndpointTarget {
  readonly service: PoolSource
  readonly site: number
  readonly siteName: string
  readonly checks: readonly CheckRuleSettings[]
  readonly settings: EndpointSettings
  readonly group: number | undefined
}

function addEndpoint(inventory: Inventory, added: NewEndpoint): Endpoint {
  const { service, site, siteName, kind, target, text, group } = added
  const index = inventory.endpoints.length
  const endpoint: Endpoint = {
    index,
    id: `${service.name}/${siteName}/${text}`,
    kind,
    target,
    label: text,
    weight: added.settings.weight,
    ...(added.isAlias ? { isAlias: true } : {}),
    ...(added.settings.standby === true ? { standby: true } : {}),
    ...(group === undefined ? {} : { group }),
  }
  const checkOf = (name: string): CheckLeaf | undefined => {
    const known = inventory.checks.find((candidate) => candidate.name === name)
    if (known === undefined) return undefined
    const check = withLoadField(known, inventory.sites[site]?.capacity)
    const probe = makeProbeTarget(text.replace(/\.$/, ''), kind, check)
    inventory.probeTargets.set(probe.id, probe)
    return { kind: 'check', check: name, target: probe.id, critical: false, observe: false }
  }
  const rule = compileCheckRules(added.checks, checkOf)
  const targets = [...new Set(leavesOf(rule).map(({ target }) => target))]
  const { index: serviceIndex } = service
  inventory.endpoints.push({ endpoint, service: serviceIndex, servedBy: [serviceIndex], site, targets, rule })
  return endpoint
}

function compileEndpoint(
  compilation: Compilation,
  settings: EndpointSettings,
  path: DocumentPath,
): EndpointTarget | undefined {
  const named = settings.cname ?? settings.alias
  if (named !== undefined) {
    const isAlias = settings.alias !== undefined
    const name = readName(named.endsWith('.') ? named : `${named}.`)
    if (!('problem' in name)) return { kind: 'name', target: name, text: printName(name), isAlias }
    reportError(compilation, [...path, isAlias ? 'alias' : 'cname'], `"${named}" is not a name: ${name.problem}`)
    return undefined
  }
  const address = readAddress(settings.address ?? '')
  if (address !== undefined) {
    return {
      kind: address.length === 16 ? 'ipv6' : 'ipv4',
      target: address,
      text: printAddress(address),
      isAlias: false,
    }
  }
  const isName =
    /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(settings.address ?? '') && /[A-Za-z]/.test(settings.address ?? '')
  const hint = isName ? `for a name write { cname: ${settings.address} } or { alias: ${settings.address} }` : undefined
  reportError(compilation, path, `"${settings.address}" is not an address`, hint)
  return undefined
}
