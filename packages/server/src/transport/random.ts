import { randomFillSync } from 'node:crypto'

/**
 * A source of 32-bit draws for one thread: xoshiro128** (Blackman and Vigna, 2021), seeded from the system. Draws pick
 * among the shares of a weighted service; nothing secret hangs on them. They are signed: such a number is never boxed.
 */
export function createRandom(): () => number {
  const state = randomFillSync(new Int32Array(4))
  // All zeros is the one state that the generator never leaves.
  state[0] = state[0]! | 1
  return () => {
    const scrambled = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9)
    const shifted = state[1]! << 9
    state[2] = state[2]! ^ state[0]!
    state[3] = state[3]! ^ state[1]!
    state[1] = state[1]! ^ state[2]!
    state[0] = state[0]! ^ state[3]!
    state[2] = state[2]! ^ shifted
    state[3] = rotate(state[3]!, 11)
    return scrambled
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
