import {
  BRAKE_DEFAULTS,
  type Check,
  DAMPING_DEFAULTS,
  groupTargets,
  type HealthRules,
  leavesOf,
  type ProbeTarget,
  type TargetGroup,
} from '@windrose/health'
import type { Family, Service } from '@windrose/steering'
import { type Compilation, reportError } from './compilation.ts'
import { compileStore } from './compile-store.ts'
import type { CompiledViews } from './compile-views.ts'
import type { ConfiguredEndpoint } from './configuration.ts'
import type { HealthConfiguration } from './health-configuration.ts'
import { readSocketAddress, type SocketAddress } from './socket-address.ts'

/** What the rules of verdicts are made of besides the settings. */
export interface HealthSource extends CompiledViews {
  readonly checks: readonly Check[]
  readonly services: readonly Service[]
  readonly endpoints: readonly ConfiguredEndpoint[]
  readonly probeTargets: readonly ProbeTarget[]
}

/** How reports become verdicts, with all defaults filled in. */
export function compileHealth(compilation: Compilation, source: HealthSource): HealthConfiguration {
  const { health } = compilation.settings
  return {
    store: compileStore(compilation),
    rules: compileRules(compilation, source),
    vantages: source.vantages,
    views: source.views,
    requireSigned: health.require_signed,
    trustedKeys: compileKeys(compilation),
    controlTargets: health.control_targets.flatMap((text, i) => controlTarget(compilation, text, i)),
  }
}

function compileRules(
  compilation: Compilation,
  { checks, services, endpoints, probeTargets, vantages }: HealthSource,
): HealthRules {
  const { quorum, max_eject: eject, damping, hold_down: holdDownMs, ramp } = compilation.settings.health
  const minVantages = quorum.min_vantages ?? Math.floor(vantages.length / 2) + 1
  if (vantages.length > 0 && minVantages > vantages.length) {
    const message = `there are only ${vantages.length} vantages: the verdicts would never move`
    reportError(compilation, ['health', 'quorum', 'min_vantages'], message)
  }
  if (damping !== 'off' && damping.reuse >= damping.suppress) {
    const message = `reuse (${damping.reuse}) is not below suppress (${damping.suppress})`
    reportError(compilation, ['health', 'damping', 'reuse'], message, 'what is kept down would come up at once')
  }
  const intervalMs = Math.max(...checks.map((check) => check.intervalMs), 0) || BRAKE_DEFAULTS.intervalMs
  return {
    vantages: vantages.map(({ name }) => name),
    quorum: { minAgents: quorum.min_agents, minVantages, share: quorum.share },
    brake: eject === 'off' ? undefined : { poolShare: eject.pool, vantageShare: eject.vantage, intervalMs },
    damping:
      damping === 'off'
        ? undefined
        : {
            penalty: DAMPING_DEFAULTS.penalty,
            halfLifeMs: damping.half_life,
            suppress: damping.suppress,
            reuse: damping.reuse,
            maxMs: damping.max,
          },
    holdDownMs,
    ramp: ramp === 'off' ? undefined : { stepMs: ramp.step },
    pushed: new Set(probeTargets.filter(({ check }) => check.type === 'push').map(({ id }) => id)),
    groups: groupTargets(
      groupsOf(services, endpoints),
      endpoints.flatMap(({ targets }) => targets),
    ),
  }
}

/** Families are judged apart, so a pool of both is two groups; what is not checked is in none, for it never turns. */
function groupsOf(services: readonly Service[], endpoints: readonly ConfiguredEndpoint[]): TargetGroup[] {
  return services.flatMap(({ name, pools, ttl }) =>
    pools.flatMap((pool) =>
      (['ipv4', 'ipv6'] satisfies Family[]).flatMap((family) => {
        const served = pool.endpoints.filter(({ kind, weight }) => (kind === family || kind === 'name') && weight > 0)
        const targets = served.map(({ index }) => countingTargets(endpoints[index]))
        if (targets.flat().length === 0) return []
        return [{ name: `${name}/${pool.siteName}`, ttlMs: ttl.max * 1000, endpoints: targets }]
      }),
    ),
  )
}

function countingTargets(endpoint: ConfiguredEndpoint | undefined): string[] {
  const leaves = endpoint === undefined ? [] : leavesOf(endpoint.rule)
  return [...new Set(leaves.filter(({ observe }) => !observe).map(({ target }) => target))]
}

function compileKeys(compilation: Compilation): ReadonlyMap<string, Uint8Array> {
  const { trusted_keys: keys, require_signed: isRequired } = compilation.settings.health
  const octets = new Map<string, Uint8Array>()
  for (const [agent, text] of Object.entries(keys)) {
    const key = Uint8Array.from(Buffer.from(text, 'base64'))
    if (key.length === 32 && /^[A-Za-z0-9+/]{43}=?$/.test(text)) octets.set(agent, key)
    else {
      const message = 'not an Ed25519 public key'
      reportError(compilation, ['health', 'trusted_keys', agent], message, '32 octets in base64: 44 characters')
    }
  }
  if (isRequired && Object.keys(keys).length === 0) {
    const message = 'no report would count: there are no trusted keys'
    reportError(compilation, ['health', 'require_signed'], message, 'add "trusted_keys: { AGENT: KEY }"')
  }
  return octets
}

function controlTarget(compilation: Compilation, text: string, i: number): SocketAddress[] {
  const read = readSocketAddress(text)
  if (!('problem' in read) && read.port > 0) return [read]
  const path = ['health', 'control_targets', i]
  if ('problem' in read) reportError(compilation, path, read.problem, read.hint)
  else reportError(compilation, path, 'needs a port other than 0')
  return []
}
