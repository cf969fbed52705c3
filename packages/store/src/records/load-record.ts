import { isObject } from '../is-object.ts'
import type { ClassLoad, PoolLoad, ServerLoad } from '../server-load.ts'
import { isName } from './lease-record.ts'

/** A server's load as its text in a store; a pool is `[service, site, answers, perSecond, smoothed]`, a class `[service, key, smoothed]`. */
export function printLoad({ server, incarnation, sequence, upMs, pools, classes }: ServerLoad): string {
  const rows = pools.map(({ service, site, answers, perSecond, smoothed }) => [
    service,
    site,
    ...[answers, perSecond, smoothed].map((number) => Math.round(number * 1000) / 1000),
  ])
  const asked = classes.map(({ service, key, smoothed }) => [service, key, Math.round(smoothed * 1000) / 1000])
  const numbers = { incarnation, sequence, upMs: Math.round(upMs) }
  return JSON.stringify({ format: FORMAT, server, ...numbers, pools: rows, classes: asked })
}

export function readLoad(text: string): ServerLoad | { readonly problem: string } {
  if (text.length > LOAD_MAX) return { problem: `a load of ${text.length} characters` }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'a load that is not JSON' }
  }
  if (!isObject(value)) return { problem: 'a load that is no object' }
  if (value['format'] !== FORMAT)
    return { problem: `a load of format ${String(value['format'])}, not ${FORMAT}: written by another version` }
  const { server, incarnation, sequence, upMs, pools } = value
  if (!isName(server)) return { problem: 'a load without a proper name' }
  for (const count of [incarnation, sequence, upMs]) {
    if (!Number.isSafeInteger(count) || (count as number) < 0) return { problem: 'a load with an impossible number' }
  }
  if (!Array.isArray(pools)) return { problem: 'a load without pools' }
  const read: PoolLoad[] = []
  for (const row of pools as unknown[]) {
    if (!Array.isArray(row)) return { problem: 'a load with a pool that is none' }
    const [service, site, answers, perSecond, smoothed] = row as unknown[]
    if (!isName(service) || !isName(site)) return { problem: 'a load with a pool that is none' }
    if (![answers, perSecond, smoothed].every(isAmount)) return { problem: 'a load with an impossible number' }
    read.push({ service, site, answers, perSecond, smoothed } as PoolLoad)
  }
  const classes = readClasses(value['classes'] ?? [])
  if ('problem' in classes) return classes
  return {
    server,
    incarnation: incarnation as number,
    sequence: sequence as number,
    upMs: upMs as number,
    pools: read,
    classes,
  }
}

function readClasses(rows: unknown): readonly ClassLoad[] | { readonly problem: string } {
  if (!Array.isArray(rows)) return { problem: 'a load with classes that are none' }
  const classes: ClassLoad[] = []
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row)) return { problem: 'a load with a class that is none' }
    const [service, key, smoothed] = row as unknown[]
    if (!isName(service) || typeof key !== 'string' || !CLASS_KEY.test(key))
      return { problem: 'a load with a class that is none' }
    if (!isAmount(smoothed)) return { problem: 'a load with an impossible number' }
    classes.push({ service, key, smoothed: smoothed as number })
  }
  return classes
}

const FORMAT = 1
/** Versions name classes alike or not; what a record says of pools counts in any case. */
const CLASS_KEY = /^[0-9a-f]{8,16}$/
/** 10,000 pools of names as long as they may be take less. */
const LOAD_MAX = 4 * 2 ** 20

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
