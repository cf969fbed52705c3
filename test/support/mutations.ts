/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Half pure noise, half a good packet that is cut, lengthened or changed in a few octets. */
export function hostilePacket(good: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit)
  if (random() < 0.5) return Uint8Array.from({ length: below(600) }, () => below(256))
  const changed = Uint8Array.from(good)
  for (let i = below(4); i >= 0; i--) changed[below(changed.length)] = below(256)
  const kind = below(3)
  if (kind === 0) return changed.subarray(0, below(changed.length + 1))
  return kind === 1 ? Uint8Array.from([...changed, ...Array.from({ length: below(40) }, () => below(256))]) : changed
}
