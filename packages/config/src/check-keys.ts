import { type Compilation, reportAtKey } from './compilation.ts'
import type { CheckSettings } from './schema/check.ts'

type CheckType = CheckSettings['type']

/**
 * Refuses keys that do nothing for a check of its type, and tells those that it needs. A key that another type has is
 * known, so the shape does not refuse it.
 */
export function refuseWrongKeys(compilation: Compilation, name: string, check: CheckSettings): void {
  for (const [key, types] of Object.entries(KEY_TYPES)) {
    if (types.includes(check.type) || valueAt(check, key) === undefined) continue
    const message = `"${key}" is for ${listTypes(types)} checks, and this is ${check.type}`
    reportAtKey(compilation, { severity: 'error', path: ['checks', name, ...key.split('.')], message })
  }
  for (const key of NEEDED_KEYS[check.type] ?? []) {
    if (check[key] !== undefined) continue
    const message = `a ${check.type} check needs "${key}"`
    reportAtKey(compilation, { severity: 'error', path: ['checks', name], message })
  }
}

const NEEDED_KEYS: Readonly<Partial<Record<CheckType, readonly (keyof CheckSettings)[]>>> = {
  tcp: ['port'],
  grpc: ['port'],
  dns: ['qname'],
  command: ['command'],
  push: ['ttl'],
}

const HTTP: readonly CheckType[] = ['http', 'https']
const CONNECTED: readonly CheckType[] = [...HTTP, 'tcp', 'tls', 'dns', 'grpc', 'redis', 'postgres', 'mysql']
const PROBED: readonly CheckType[] = [...CONNECTED, 'icmp', 'command']

/** Keys, or keys of their mappings, by the types that they are for. `type` alone is for all. */
const KEY_TYPES: Readonly<Record<string, readonly CheckType[]>> = {
  port: [...CONNECTED, 'command'],
  version: HTTP,
  path: HTTP,
  host: [...HTTP, 'grpc'],
  method: HTTP,
  headers: [...HTTP, 'grpc'],
  body: HTTP,
  auth: HTTP,
  redirects: HTTP,
  expect: [...HTTP, 'dns'],
  'expect.status': HTTP,
  'expect.body': HTTP,
  'expect.body_matches': HTTP,
  'expect.body_limit': HTTP,
  'expect.headers': HTTP,
  'expect.rcodes': ['dns'],
  'expect.answers': ['dns'],
  tls: ['https', 'tls', 'tcp', 'dns', 'grpc', 'redis', 'postgres'],
  send: ['tcp'],
  send_hex: ['tcp'],
  expect_text: ['tcp'],
  expect_hex: ['tcp'],
  expect_matches: ['tcp'],
  proxy_protocol: ['tcp'],
  transport: ['dns'],
  qname: ['dns'],
  qtype: ['dns'],
  recursion_desired: ['dns'],
  service: ['grpc'],
  user: ['redis', 'postgres'],
  password_file: ['redis'],
  must_not_exist: ['redis'],
  database: ['postgres'],
  command: ['command'],
  env: ['command'],
  ttl: ['push'],
  interval: PROBED,
  timeout: PROBED,
  jitter: PROBED,
  rise: PROBED,
  fall: PROBED,
  tolerant: PROBED,
  initial_delay: PROBED,
  fast_interval: PROBED,
  max_concurrent: PROBED,
  max_rate: PROBED,
  source_address: [...CONNECTED, 'icmp'],
  degraded_when: PROBED,
  'degraded_when.status': HTTP,
}

/** Below a mapping that is refused as a whole, nothing is looked for. */
function valueAt(check: CheckSettings, key: string): unknown {
  const [first = '', second] = key.split('.')
  const value = check[first as keyof CheckSettings]
  if (second === undefined) return value
  if (KEY_TYPES[first]?.includes(check.type) === false || typeof value !== 'object') return undefined
  return (value as Readonly<Record<string, unknown>>)[second]
}

function listTypes(types: readonly CheckType[]): string {
  return types.join(', ').replace(/, ([^,]*)$/, ' and $1')
}
