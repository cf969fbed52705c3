import {
  CHECK_DEFAULTS,
  type Check,
  type CheckCommon,
  DEFAULT_PORTS,
  defaultTimeoutMs,
  type Octets,
  PUSH_TIMING,
} from '@windrose/health'
import { readAddress } from '@windrose/ip'
import { refuseWrongKeys } from './check-keys.ts'
import { type Compilation, reportAtKey, reportError } from './compilation.ts'
import { compileDns } from './compile-check-dns.ts'
import { compileHttp } from './compile-check-http.ts'
import { refuseBadPattern } from './compile-check-pattern.ts'
import { checkFile, compileTls } from './compile-check-tls.ts'
import { printDuration } from './duration.ts'
import { entriesInOrder } from './entries-in-order.ts'
import type { CheckSettings } from './schema/check.ts'
import { withoutUndefined } from './without-undefined.ts'

/** The checks in the order of the file, with all defaults filled in. */
export function compileChecks(compilation: Compilation): Check[] {
  const { document, settings } = compilation
  return entriesInOrder(document, ['checks'], settings.checks).map(([name, check]) => {
    refuseWrongKeys(compilation, name, check)
    const common = check.type === 'push' ? { name, ...PUSH_TIMING } : compileCommon(compilation, name, check)
    return compileCheck(compilation, common, check)
  })
}

function compileCommon(compilation: Compilation, name: string, check: CheckSettings): CheckCommon {
  const path = ['checks', name]
  const {
    interval = CHECK_DEFAULTS.intervalMs,
    timeout = defaultTimeoutMs(interval),
    fast_interval,
    source_address,
  } = check
  if (timeout >= interval) {
    const message = `${printDuration(timeout)} is not below the interval of ${printDuration(interval)}`
    reportError(compilation, [...path, 'timeout'], message, 'a probe must end before the next one starts')
  }
  if (fast_interval !== undefined && fast_interval >= interval) {
    const message = `${printDuration(fast_interval)} is not below the interval of ${printDuration(interval)}`
    reportError(compilation, [...path, 'fast_interval'], message)
  }
  if (source_address !== undefined && readAddress(source_address) === undefined)
    reportError(compilation, [...path, 'source_address'], 'not an IPv4 or IPv6 address')
  return withoutUndefined({
    name,
    intervalMs: interval,
    timeoutMs: timeout,
    rise: check.rise ?? CHECK_DEFAULTS.rise,
    fall: check.fall ?? CHECK_DEFAULTS.fall,
    jitter: check.jitter ?? CHECK_DEFAULTS.jitter,
    tolerant: check.tolerant,
    initialDelayMs: check.initial_delay,
    fastIntervalMs: fast_interval,
    sourceAddress: source_address,
    slowerThanMs: check.degraded_when?.slower_than,
    maxConcurrent: check.max_concurrent,
    maxRate: check.max_rate,
  })
}

function compileCheck(compilation: Compilation, timing: CheckCommon, check: CheckSettings): Check {
  const { name } = timing
  const common = { ...timing, port: check.port ?? DEFAULT_PORTS[check.type] ?? 0 }
  const tls = compileTls(compilation, name, check)
  switch (check.type) {
    case 'http':
      return { type: 'http', ...compileHttp(compilation, common, check) }
    case 'https':
      return { type: 'https', ...compileHttp(compilation, common, check), verify: true, ...tls }
    case 'tls':
      return { type: 'tls', ...common, verify: true, ...tls }
    case 'tcp': {
      const send = compileOctets(compilation, name, check, ['send', 'send_hex'])
      const expect = compileOctets(compilation, name, check, ['expect_text', 'expect_hex'])
      const { expect_matches: expectMatches } = check
      refuseBadPattern(compilation, ['checks', name, 'expect_matches'], expectMatches)
      if (expect !== undefined && expectMatches !== undefined) {
        const message = 'expected either "expect_matches", "expect_text" or "expect_hex"'
        reportAtKey(compilation, { severity: 'error', path: ['checks', name, 'expect_matches'], message })
      }
      return withoutUndefined({
        type: 'tcp',
        ...common,
        send,
        expect,
        expectMatches,
        proxyProtocol: check.proxy_protocol,
        tls,
      } as const)
    }
    case 'grpc':
      return withoutUndefined({
        type: 'grpc',
        ...common,
        service: check.service ?? '',
        host: check.host,
        headers: check.headers,
        tls,
      } as const)
    case 'dns':
      return compileDns(compilation, common, check, tls)
    case 'icmp':
      return { type: 'icmp', ...timing }
    case 'redis': {
      if (check.user !== undefined && check.password_file === undefined) {
        const message = '"user" needs "password_file" beside it'
        reportAtKey(compilation, { severity: 'error', path: ['checks', name, 'user'], message })
      }
      const passwordFile = checkFile(compilation, check.password_file)
      const mustNotExist = check.must_not_exist
      return withoutUndefined({ type: 'redis', ...common, user: check.user, passwordFile, mustNotExist, tls } as const)
    }
    case 'postgres': {
      const { user = 'windrose', database } = check
      return withoutUndefined({ type: 'postgres', ...common, user, database, tls } as const)
    }
    case 'mysql':
      return { type: 'mysql', ...common }
    case 'command':
      return withoutUndefined({
        type: 'command',
        ...timing,
        port: check.port,
        argv: compileCommand(compilation, check.command),
        env: check.env ?? [],
      } as const)
    case 'push':
      return { type: 'push', ...timing, ttlMs: check.ttl ?? 0 }
  }
}

/** Octets may be written as text or as digits, not both. */
function compileOctets(
  compilation: Compilation,
  name: string,
  check: CheckSettings,
  [textKey, hexKey]: readonly ['send', 'send_hex'] | readonly ['expect_text', 'expect_hex'],
): Octets | undefined {
  const text = check[textKey]
  const hex = check[hexKey]
  if (text !== undefined && hex !== undefined) {
    const message = `expected either "${textKey}" or "${hexKey}"`
    reportAtKey(compilation, { severity: 'error', path: ['checks', name, hexKey], message })
  }
  return hex === undefined ? text : { hex }
}

/** A program with a slash in its path is relative to the file; others are looked for on the agent's PATH. */
function compileCommand(
  compilation: Compilation,
  [program = '', ...args]: readonly string[] = [],
): readonly [program: string, ...args: string[]] {
  return [program.includes('/') ? checkFile(compilation, program) : program, ...args]
}
