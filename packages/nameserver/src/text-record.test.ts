import { asciiOctets, textRdata } from './text-record.ts'

const text = (octets: Uint8Array): string => String.fromCharCode(...octets)

test('what is not ASCII is a question mark, one for each character', () => {
  expect(text(asciiOctets('area city:DE/Köln 🏙'))).toBe('area city:DE/K?ln ?')
})

test('a string is cut at 255 octets, the most that its length can say', () => {
  const rdata = textRdata([asciiOctets('a'.repeat(300)), asciiOctets('b')])
  expect([rdata[0], rdata.length, text(rdata.subarray(256))]).toEqual([255, 258, '\x01b'])
})
