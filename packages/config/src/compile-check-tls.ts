import { resolve } from 'node:path'
import type { TlsOptions } from '@windrose/health'
import { type Compilation, reportAtKey, reportError } from './compilation.ts'
import { relativeFile } from './relative-file.ts'
import type { CheckSettings } from './schema/check.ts'
import { withoutUndefined } from './without-undefined.ts'

/** How a check speaks TLS; undefined when it does not. */
export function compileTls(compilation: Compilation, name: string, check: CheckSettings): TlsOptions | undefined {
  const path = ['checks', name, 'tls']
  const isAlwaysTls = check.type === 'https' || check.type === 'tls'
  const { tls = isAlwaysTls } = check
  if (tls === false && isAlwaysTls)
    reportError(compilation, path, `a check of type ${check.type} always speaks TLS`, 'type http or tcp does not')
  if (tls === false) return undefined
  const settings = tls === true ? {} : tls
  const { min_version = '1.2', max_version = '1.3' } = settings
  if (min_version > max_version) reportError(compilation, [...path, 'min_version'], 'above max_version')
  for (const [key, other] of [
    ['cert_file', 'key_file'],
    ['key_file', 'cert_file'],
  ] as const) {
    if (settings[key] === undefined || settings[other] !== undefined) continue
    const message = `"${key}" needs "${other}" beside it`
    reportAtKey(compilation, { severity: 'error', path: [...path, key], message })
  }
  return withoutUndefined({
    verify: settings.verify ?? true,
    serverName: settings.server_name,
    caFile: checkFile(compilation, settings.ca_file),
    certFile: checkFile(compilation, settings.cert_file),
    keyFile: checkFile(compilation, settings.key_file),
    minVersion: settings.min_version && (`TLSv${settings.min_version}` as const),
    maxVersion: settings.max_version && (`TLSv${settings.max_version}` as const),
    minDaysLeft: settings.min_days_left,
  })
}

/** The absolute path of a file that a check names. It is read by the agent, on its own machine, and may not be here. */
export function checkFile(compilation: Compilation, file: string): string
export function checkFile(compilation: Compilation, file: string | undefined): string | undefined
export function checkFile({ document }: Compilation, file: string | undefined): string | undefined {
  return file === undefined ? undefined : resolve(relativeFile(document.source.file, file))
}
