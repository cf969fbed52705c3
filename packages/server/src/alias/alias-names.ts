import { nameKey, printName } from '@windrose/dns'
import { isServed } from '@windrose/nameserver'
import type { ZoneImage } from '@windrose/zone'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { AliasName } from './alias-resolver.ts'

/** The aliases that lead out of our zones, each once: those inside are looked up when they are asked for. */
export function aliasNames(
  { endpoints }: Pick<ServedConfiguration, 'endpoints'>,
  zones: ZoneImage,
): readonly AliasName[] {
  const names = new Map<string, AliasName>()
  for (const { endpoint } of endpoints) {
    if (endpoint.isAlias !== true || isServed(zones, endpoint.target)) continue
    const key = nameKey(endpoint.target)
    names.set(key, { key, text: printName(endpoint.target).replace(/\.$/, '') })
  }
  return [...names.values()]
}
