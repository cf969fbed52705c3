import type { Place } from '@windrose/dns'

/** A value of gdnsd's configuration language: everything is a text, a list or a hash, and the order of keys is kept. */
export type VscfValue = VscfText | VscfList | VscfHash

export interface VscfText {
  readonly kind: 'text'
  readonly place: Place
  /** Without quotes and escapes. */
  readonly text: string
}

export interface VscfList {
  readonly kind: 'list'
  readonly place: Place
  readonly items: readonly VscfValue[]
}

export interface VscfHash {
  readonly kind: 'hash'
  readonly place: Place
  readonly entries: ReadonlyMap<string, VscfEntry>
}

export interface VscfEntry {
  readonly key: string
  readonly place: Place
  readonly value: VscfValue
}

/** A list, or one value that stands for a list of it: gdnsd takes both wherever it expects a list. */
export function itemsOf(value: VscfValue): readonly VscfValue[] {
  return value.kind === 'list' ? value.items : [value]
}

/** The texts of a list of texts; undefined where there is anything else in it. */
export function textsOf(value: VscfValue): readonly VscfText[] | undefined {
  const items = itemsOf(value)
  return items.every((item) => item.kind === 'text') ? items : undefined
}

/** A value in short, as findings quote it. */
export function quoteVscf(value: VscfValue): string {
  if (value.kind === 'text')
    return value.text.length > QUOTED_MAX ? `${value.text.slice(0, QUOTED_MAX)}...` : value.text
  return value.kind === 'list' ? '[...]' : '{...}'
}

const QUOTED_MAX = 40
