import { foldWord } from './fold-word.ts'

test('every octet is folded as a letter of ASCII or not at all, wherever in the word it stands', () => {
  for (let octet = 0; octet < 256; octet++) {
    const lower = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet
    for (const others of [0x00000000, 0x5a5a5a5a, 0x40404040, 0xffffffff]) {
      for (const shift of [0, 8, 16, 24]) {
        const kept = others & ~(0xff << shift)
        const folded = foldWord(kept | (octet << shift))
        expect((folded >>> shift) & 0xff).toBe(lower)
        expect(folded & ~(0xff << shift)).toBe(foldWord(kept) & ~(0xff << shift))
      }
    }
  }
})
