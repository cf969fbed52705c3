/**
 * The first 48 bits of a probe target's id, as a number: what records carry of it. Two of 100,000 targets are alike in
 * them once in 56,000 configurations; the id is a hash, so nobody can aim for it but by changing a check's own definition.
 */
export function targetKey(id: string): number {
  return Number.parseInt(id.slice(0, 12), 16)
}

/** The second 48 bits: what records carry of it where they speak of the target's load. */
export function loadKey(id: string): number {
  return Number.parseInt(id.slice(12, 24), 16)
}
