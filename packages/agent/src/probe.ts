import type { ProbedCheck, ProbeResult, ProbeTarget } from '@windrose/health'
import { Attempt } from './attempt.ts'
import { probeCommand } from './command-probe.ts'
import { probeDns } from './dns-probe.ts'
import { probeGrpc } from './grpc-probe.ts'
import { probeHttp } from './http-probe.ts'
import { probeIcmp } from './icmp-probe.ts'
import { probeMysql } from './mysql-probe.ts'
import { probePostgres } from './postgres-probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import type { Probing } from './probing.ts'
import { probeRedis } from './redis-probe.ts'
import { resolveTarget } from './resolve-target.ts'
import { probeTcp } from './tcp-probe.ts'
import { probeTls } from './tls-probe.ts'

/**
 * Probes a target once, on a fresh connection to exactly its address. Never rejects, and takes no longer than the
 * check's timeout; when `signal` aborts the result is inconclusive.
 */
export async function probe(
  target: ProbeTarget,
  surroundings: ProbeSurroundings,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { check } = target
  if (check.type === 'push') return NOT_PROBED
  const attempt = new Attempt(check.timeoutMs, signal)
  begin(attempt, target, check, surroundings).catch((error: Error) =>
    attempt.giveUp(`the probe cannot be made: ${error.message}`),
  )
  return judgeDuration(await attempt.result, check)
}

async function begin(
  attempt: Attempt,
  target: ProbeTarget,
  check: ProbedCheck,
  surroundings: ProbeSurroundings,
): Promise<void> {
  const address = await resolveTarget(attempt, target, surroundings)
  if (address !== undefined && !attempt.isOver)
    await ask({ attempt, address, name: target.address, surroundings }, check)
}

const NOT_PROBED: ProbeResult = {
  outcome: 'inconclusive',
  reason: 'a push check is not probed',
  degraded: false,
  durationMs: 0,
}

async function ask(probing: Probing, check: ProbedCheck): Promise<void> {
  switch (check.type) {
    case 'http':
    case 'https':
      probeHttp(probing, check)
      break
    case 'tcp':
      probeTcp(probing, check)
      break
    case 'tls':
      probeTls(probing, check)
      break
    case 'dns':
      probeDns(probing, check)
      break
    case 'grpc':
      probeGrpc(probing, check)
      break
    case 'icmp':
      await probeIcmp(probing, check)
      break
    case 'redis':
      probeRedis(probing, check)
      break
    case 'postgres':
      probePostgres(probing, check)
      break
    case 'mysql':
      probeMysql(probing, check)
      break
    case 'command':
      probeCommand(probing, check)
      break
    default:
      // A server of a later version asks for it.
      probing.attempt.giveUp(`this agent's version knows no checks of type ${(check as { type: string }).type}`)
  }
}

function judgeDuration(result: ProbeResult, { slowerThanMs }: ProbedCheck): ProbeResult {
  if (result.outcome !== 'success' || slowerThanMs === undefined || result.durationMs <= slowerThanMs) return result
  return { ...result, degraded: true, reason: `${result.reason}; slower than ${slowerThanMs} ms` }
}
