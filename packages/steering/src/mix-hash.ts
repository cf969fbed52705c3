/** The finalizer of MurmurHash3: 32 bits in, 32 bits out as a signed integer, every bit of one in every bit of the other. */
export function mixHash(hash: number): number {
  let mixed = imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** Bound once: in a context of its own, where tests run, a look-up of `Math` takes ten times as long as the rest. */
const { imul } = Math
