/**
 * The fills that sites are known by: the colours of Okabe and Ito, which people with any kind of colour vision tell apart,
 * then the same ones darker, which lightness tells apart, then both with a texture. No two of 28 sites look alike.
 */
const COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#f0e442',
  '#00395a',
  '#805700',
  '#00573f',
  '#7b3c61',
  '#7a3300',
  '#2a6a94',
  '#8d8519',
] as const

/** Those of them on which black is easier to read than white. */
const LIGHT: ReadonlySet<string> = new Set(['#e69f00', '#cc79a7', '#56b4e9', '#f0e442'])

const TEXTURES = [
  '',
  '<path d="M0 0L6 6M-1 5L1 7M5 -1L7 1" stroke="#fff" stroke-opacity=".6" stroke-width="1.3"/>',
] as const
const TILE = 6

interface Pattern {
  /** Of its square tile, at scale 1. */
  readonly size: number
  readonly parts: string
  /** A transform. */
  readonly turn: string
}

const NOBODY: Pattern = {
  size: 5,
  parts: '<rect width="5" height="5" fill="#777"/><path d="M0 0L5 5M5 0L0 5" stroke="#111"/>',
  turn: '',
}

/** Fills by site name, and the definitions that they need. */
export class SiteFills {
  readonly #sites: readonly string[]
  readonly #prefix: string
  readonly #patterns: Map<string, Pattern> = new Map([['nobody', NOBODY]])
  /** Those that something is filled with, by their id. */
  readonly #used: Map<string, { readonly name: string; readonly scale: number }> = new Map()

  /** The prefix tells the names of the definitions apart from those of other pictures in one document. */
  constructor(sites: readonly string[], prefix = '') {
    this.#sites = sites
    this.#prefix = prefix
    for (const number of sites.keys()) {
      const parts = `<rect width="${TILE}" height="${TILE}" fill="${colourOf(number)}"/>${textureOf(number)}`
      this.#patterns.set(`site-${number}`, { size: TILE, parts, turn: '' })
    }
  }

  /**
   * The value of a `fill` attribute for the clients of a site; null is for those that are given no address. `scale` is how
   * many units of what is filled make one of the picture.
   */
  fill(site: string | null, scale = 1): string {
    if (site === null) return this.#use('nobody', scale)
    const number = this.#sites.indexOf(site)
    return textureOf(number) === '' ? colourOf(number) : this.#use(`site-${number}`, scale)
  }

  /** The style of words on that fill: a colour that can be read, with the ground around it clear of textures. */
  wordsOn(site: string | null): string {
    const ground = this.#colour(site)
    return `fill: ${LIGHT.has(ground) ? '#000' : '#fff'}; stroke: ${ground}`
  }

  /** Stripes for clients of two sites: the wide ones are the first site's where it has more than five eighths of both. */
  stripes([first, second]: readonly [string | null, string | null], firstShare: number, scale = 1): string {
    const wide = firstShare > 0.625 ? 6 : 4
    const name = `mix-${this.#number(first)}-${this.#number(second)}-${wide}`
    const parts = `<rect width="8" height="8" fill="${this.#colour(second)}"/><rect width="${wide}" height="8" fill="${this.#colour(first)}"/>`
    this.#patterns.set(name, { size: 8, parts, turn: ' rotate(45)' })
    return this.#use(name, scale)
  }

  /** What stands in <defs>; to be asked for when all fills have been. */
  definitions(): string {
    return [...this.#used]
      .map(([id, { name, scale }]) => {
        const { size, parts, turn } = this.#patterns.get(name)!
        return `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="scale(${scale})${turn}">${parts}</pattern>`
      })
      .join('')
  }

  #use(name: string, scale: number): string {
    const id = `${this.#prefix}${name}${scale === 1 ? '' : `-${scale}`}`
    this.#used.set(id, { name, scale })
    return `url(#${id})`
  }

  #number(site: string | null): number {
    return site === null ? this.#sites.length : this.#sites.indexOf(site)
  }

  #colour(site: string | null): string {
    return site === null ? '#333' : colourOf(this.#number(site))
  }
}

function colourOf(number: number): string {
  return COLOURS[number % COLOURS.length]!
}

function textureOf(number: number): string {
  return TEXTURES[Math.floor(number / COLOURS.length) % TEXTURES.length]!
}
