import fc from 'fast-check'
import { hexSchema } from './hex.ts'

test('octets are read as they were written, whatever the blanks and the case', () => {
  const blank = fc.constantFrom('', ' ', '  ', '\n')
  const pair = fc.tuple(fc.nat(255), blank, fc.boolean())
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1 }), blank, (pairs, before) => {
      const digits = pairs.map(([octet, after, upper]) => {
        const text = octet.toString(16).padStart(2, '0')
        return `${upper ? text.toUpperCase() : text}${after}`
      })
      const read = hexSchema.parse(before + digits.join(''))
      expect([...Buffer.from(read, 'hex')]).toEqual(pairs.map(([octet]) => octet))
    }),
  )
})

test.each(['', ' ', '0', '0d0', '0 d', '0x0d', 'zz', '0d:0a'])('%j is refused', (text) => {
  expect(hexSchema.safeParse(text).success).toBe(false)
})

test('a long text that is wrong at its end is refused at once', () => {
  const startedAt = performance.now()
  expect(hexSchema.safeParse(`${'0d '.repeat(20_000)}x`).success).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1000)
})
