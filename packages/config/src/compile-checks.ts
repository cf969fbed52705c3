import { resolve } from 'node:path'
import { type Check, type CheckCommon, defaultTimeoutMs, HTTP_DEFAULTS, type StatusRange } from '@windrose/health'
import { type Compilation, reportAtKey, reportError } from './compilation.ts'
import { printDuration } from './duration.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { relativeFile } from './relative-file.ts'
import type { CheckSettings } from './schema/check.ts'

/** The checks in the order of the file, with all defaults filled in. */
export function compileChecks(compilation: Compilation): Check[] {
  const { document, settings } = compilation
  return entriesInOrder(document, ['checks'], settings.checks).map(([name, check]) => {
    refuseKeysOfOtherTypes(compilation, name, check)
    const timeoutMs = check.timeout ?? defaultTimeoutMs(check.interval)
    if (timeoutMs >= check.interval) {
      const message = `${printDuration(timeoutMs)} is not below the interval of ${printDuration(check.interval)}`
      reportError(compilation, ['checks', name, 'timeout'], message, 'a probe must end before the next one starts')
    }
    if (check.type === 'tcp' && check.port === undefined) {
      const message = 'a tcp check needs "port"'
      reportAtKey(compilation, { severity: 'error', path: ['checks', name], message })
    }
    return compileCheck(compilation, name, { ...check, timeout: timeoutMs })
  })
}

function compileCheck(compilation: Compilation, name: string, check: CheckSettings & { timeout: number }): Check {
  const { interval: intervalMs, timeout: timeoutMs, rise, fall, jitter } = check
  const common = { name, intervalMs, timeoutMs, rise, fall, jitter }
  if (check.type === 'tcp') {
    return {
      type: 'tcp',
      ...common,
      port: check.port ?? 0,
      ...(check.send === undefined ? {} : { send: check.send }),
      ...(check.expect_text === undefined ? {} : { expect: check.expect_text }),
    }
  }
  const request = {
    ...compileRequest(compilation, { ...common, port: check.port ?? HTTP_DEFAULTS.port[check.type] }, check),
  }
  if (check.type === 'http') return { type: 'http', ...request }
  return {
    type: 'https',
    ...request,
    verify: check.tls?.verify ?? true,
    ...(check.tls?.server_name === undefined ? {} : { serverName: check.tls.server_name }),
    ...(check.tls?.ca_file === undefined
      ? {}
      : { caFile: resolve(relativeFile(compilation.document.source.file, check.tls.ca_file)) }),
  }
}

function compileRequest(compilation: Compilation, common: CheckCommon, check: CheckSettings) {
  return {
    ...common,
    method: check.method ?? HTTP_DEFAULTS.method,
    path: check.path ?? HTTP_DEFAULTS.path,
    ...(check.host === undefined ? {} : { host: check.host }),
    headers: check.headers ?? {},
    expectStatus: compileStatuses(compilation, common.name, check.expect?.status),
    ...(check.expect?.body === undefined ? {} : { expectBody: check.expect.body }),
    bodyLimit: HTTP_DEFAULTS.bodyLimit,
  }
}

function compileStatuses(
  compilation: Compilation,
  name: string,
  status: string | readonly (number | string)[] | undefined,
): readonly StatusRange[] {
  if (status === undefined) return HTTP_DEFAULTS.expectStatus
  return [status].flat().map((entry) => {
    const [from = 0, to = from] = String(entry).split('-').map(Number)
    if (to < from) {
      reportError(compilation, ['checks', name, 'expect', 'status'], `"${entry}" ends before it starts`)
    }
    return [from, to]
  })
}

/** A key that another type of check has is known, so the shape does not refuse it; it would do nothing. */
function refuseKeysOfOtherTypes(compilation: Compilation, name: string, check: CheckSettings): void {
  for (const [key, types] of Object.entries(KEY_TYPES)) {
    if (check[key as keyof CheckSettings] === undefined || types.includes(check.type)) continue
    const message = `"${key}" is for ${types.join(' and ')} checks, and this is ${check.type}`
    reportAtKey(compilation, { severity: 'error', path: ['checks', name, key], message })
  }
}

const KEY_TYPES: Readonly<Partial<Record<keyof CheckSettings, readonly CheckSettings['type'][]>>> = {
  path: ['http', 'https'],
  host: ['http', 'https'],
  method: ['http', 'https'],
  headers: ['http', 'https'],
  expect: ['http', 'https'],
  tls: ['https'],
  send: ['tcp'],
  expect_text: ['tcp'],
}
