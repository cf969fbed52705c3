/** Kinds of numbered names: steered, weighted, static. */
export type Kind = 'g#' | 'w#' | 'a#'

/**
 * What all servers of a measurement serve: the same zone, sites, addresses and weights.
 *
 *   g000000 ... steered to the nearest site        w000000 ... drawn by weight
 *   a000000 ... static, two A records              c000000     picked by client (windrose alone)
 *                                                  everything else: NXDOMAIN
 */
export interface World {
  /** Names of each kind. */
  readonly names: number
  /** The one kind that has so many names; the others have one. Without it all have. */
  readonly only?: Kind
  /** How many of SITES. */
  readonly sites: number
  /** `default` is 0.0.0.0 and [::], as without any configuration; `one` is 127.0.0.1 alone. */
  readonly listen: 'default' | 'one'
  readonly udpThreads: number
}

export const WORLD: World = { names: 1000, sites: 3, listen: 'default', udpThreads: 1 }

export const ZONE = 'gslb.example'
export const TTL_S = 30

export interface Site {
  readonly name: string
  /** Degrees north and east. */
  readonly at: readonly [number, number]
  readonly addresses: readonly string[]
}

/** The sites of a world. Beyond the first three they are spread over the globe by the golden angle. */
export function sitesOf({ sites }: World): Site[] {
  return Array.from({ length: sites }, (_, i) => {
    const [name, at] = REAL_SITES[i] ?? [`s${i}`, spread(i)]
    const [high, low] = [10 + (i >> 8), i & 0xff]
    return { name, at, addresses: [`198.${high}.${low}.10`, `198.${high}.${low}.11`, `2001:db8:${i + 1}::10`] }
  })
}

const REAL_SITES: readonly (readonly [string, readonly [number, number]])[] = [
  ['fra', [50.11, 8.68]],
  ['iad', [38.95, -77.45]],
  ['sin', [1.35, 103.99]],
]

/** Between 50 degrees south and 60 north, where people live. */
function spread(i: number): readonly [number, number] {
  const golden = 137.50776
  return [round(-50 + ((i * 61.8034) % 110)), round(((i * golden) % 360) - 180)]
}

function round(degrees: number): number {
  return Math.round(degrees * 100) / 100
}

/** The members of the weighted service, of weights 3 and 1. */
export const WEIGHTED: readonly { readonly address: string; readonly weight: number }[] = [
  { address: '198.9.0.1', weight: 3 },
  { address: '198.9.0.2', weight: 1 },
]

/** The members of the service that is picked by client. */
export const KEPT: readonly { readonly address: string; readonly weight: number }[] = [
  { address: '198.9.2.1', weight: 3 },
  { address: '198.9.2.2', weight: 1 },
]

export const STATIC_ADDRESSES: readonly string[] = ['198.9.1.1', '198.9.1.2']

/** Addresses to listen on. */
export function listenAddresses({ listen }: World, port: number): string[] {
  return listen === 'one' ? [`127.0.0.1:${port}`] : [`0.0.0.0:${port}`, `[::]:${port}`]
}
