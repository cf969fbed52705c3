/**
 * What windrose means to do in another way than gdnsd. The order is that in which a configuration of gdnsd takes them on:
 * the n-th gdnsd has the first n of them written into its configuration, so that it shows what they come to.
 */
export const DIFFERENCES = [
  'each family is judged by its own endpoints',
  'a client of whom only the country is known is in the middle of it, not nowhere',
  'a special-purpose client that no network names is placed by its resolver, not by the database',
  'a database tells no clients apart inside a /24 or /56',
  'what is forced down is never served, also when all else is down',
  'where every pool failed, the first one that has anything up serves, not the first one',
] as const

export type Difference = (typeof DIFFERENCES)[number]

/** The differences before this one are about health or maps alone: with so many of them the maps are those of windrose. */
export const MAPS_ALIKE: number = DIFFERENCES.indexOf('what is forced down is never served, also when all else is down')
