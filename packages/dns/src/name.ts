/**
 * A domain name: uncompressed wire format, case preserved. A run of labels, each a length octet (1 to 63) and that
 * many octets, then the zero octet of the root; at most 255 octets in all (RFC 1035 section 3.1).
 *
 * Length octets are below 'A', so case can be folded over the whole name without looking at label boundaries.
 */
export type Name = Uint8Array

/** The root: one zero octet. */
export const ROOT: Name = new Uint8Array(1)

/** Limits of RFC 1035 section 2.3.4. */
export const NAME_OCTETS_MAX = 255
export const LABEL_OCTETS_MAX = 63

/** Every octet in ASCII lower case; others stay (RFC 4343 section 3). */
export const LOWER_CASE: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet,
)

/** True when the value is a well-formed name and nothing else follows it. */
export function isName(value: unknown): value is Name {
  return value instanceof Uint8Array && value.length > 0 && nameLength(value, 0) === value.length
}

/** The length in octets of the uncompressed name that starts at `start`, or 0 when none does. */
export function nameLength(octets: Uint8Array, start: number): number {
  let at = start
  while (at < octets.length) {
    const length = octets[at]!
    if (length === 0) return at + 1 - start
    if (length > LABEL_OCTETS_MAX) return 0
    at += 1 + length
    if (at - start >= NAME_OCTETS_MAX) return 0
  }
  return 0
}

/** A copy in ASCII lower case. */
export function foldName(name: Name): Name {
  return name.map((octet) => LOWER_CASE[octet]!)
}

/** The folded octets as a string of one character each: a key for maps, off the path. */
export function nameKey(name: Name): string {
  let key = ''
  for (const octet of name) key += String.fromCharCode(LOWER_CASE[octet]!)
  return key
}

/** True when both are the same name, whatever their case. */
export function equalNames(a: Name, b: Name): boolean {
  return a.length === b.length && equalTails(a, 0, b)
}

/** True when `name` is `apex` or below it. */
export function isWithin(name: Name, apex: Name): boolean {
  const cut = name.length - apex.length
  let at = 0
  while (at < cut) at += 1 + name[at]!
  return at === cut && equalTails(name, cut, apex)
}

/** The name without its first label; the root's parent is the root. */
export function parentName(name: Name): Name {
  return name[0] === 0 ? name : name.slice(1 + name[0]!)
}

/** How many labels the name has; the root has none. */
export function labelCount(name: Name): number {
  let count = 0
  for (let at = 0; name[at]! > 0; at += 1 + name[at]!) count++
  return count
}

/** The labels' octets in order, without the root. */
export function labelsOf(name: Name): Uint8Array[] {
  const labels: Uint8Array[] = []
  for (let at = 0; name[at]! > 0; at += 1 + name[at]!) labels.push(name.slice(at + 1, at + 1 + name[at]!))
  return labels
}

/** True when the first label is a lone asterisk (RFC 4592 section 2.1.1). */
export function isWildcard(name: Name): boolean {
  return name[0] === 1 && name[1] === 0x2a
}

/** Orders names as RFC 4034 section 6.1 does: by label from the right, folded, as unsigned octets. */
export function compareNames(a: Name, b: Name): number {
  const left = labelsOf(a).reverse()
  const right = labelsOf(b).reverse()
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareLabels(left[i]!, right[i]!)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** `head` with its root replaced by `tail`; undefined when that is longer than 255 octets. */
export function concatNames(head: Name, tail: Name): Name | undefined {
  const length = head.length - 1 + tail.length
  if (length > NAME_OCTETS_MAX) return undefined
  const name = new Uint8Array(length)
  name.set(head.subarray(0, head.length - 1))
  name.set(tail, head.length - 1)
  return name
}

/** The name with one more label in front; undefined when the label or the result is too long, or the label empty. */
export function prependLabel(label: Uint8Array, name: Name): Name | undefined {
  const length = 1 + label.length + name.length
  if (label.length === 0 || label.length > LABEL_OCTETS_MAX || length > NAME_OCTETS_MAX) return undefined
  const longer = new Uint8Array(length)
  longer[0] = label.length
  longer.set(label, 1)
  longer.set(name, 1 + label.length)
  return longer
}

function equalTails(name: Name, start: number, tail: Name): boolean {
  for (let i = 0; i < tail.length; i++) {
    if (LOWER_CASE[name[start + i]!] !== LOWER_CASE[tail[i]!]) return false
  }
  return true
}

function compareLabels(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = LOWER_CASE[a[i]!]! - LOWER_CASE[b[i]!]!
    if (order !== 0) return order
  }
  return a.length - b.length
}
