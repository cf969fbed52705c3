import type { ServicePlacement } from '@windrose/nameserver'
import { type ClientMap, classKey, FULL_KEYS, type KeyLengths, keyBits, UNPLACED } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { classNames } from './class-names.ts'

/** Room for the shares of every service whose load is placed, on shared memory; nothing is placed yet. */
export function createPlacements(
  { geo, services, sites }: Pick<ServedConfiguration, 'geo' | 'services' | 'sites'>,
  maps: readonly ClientMap[],
  vantages: readonly string[],
): readonly (ServicePlacement | undefined)[] {
  return services.map(({ capacity, clientMap, pools }) => {
    if (capacity === undefined) return undefined
    const map = maps[clientMap]
    const classes = map?.classes ?? [UNPLACED]
    const names = classNames(geo.mapSpecs[clientMap] ?? { rules: [] }, sites, vantages)
    return {
      pools: pools.length,
      shares: new Uint16Array(new SharedArrayBuffer(classes.length * pools.length * 2)),
      keyLengths: classes.map((_, number) => keyLengthsOf(map, number)),
      keys: classes.map((one) => classKey(one, names)),
    }
  })
}

/** Where it is not known how many addresses a class has, every network stands for itself. */
function keyLengthsOf(map: ClientMap | undefined, classNumber: number): KeyLengths {
  const costs = map?.costs
  if (costs === undefined) return FULL_KEYS
  return {
    ipv4: keyBits(costs.blocks4[classNumber]!, 'ipv4'),
    ipv6: keyBits(costs.blocks6[classNumber]!, 'ipv6'),
  }
}
