import type { Reader } from '../reader.ts'
import type { Field } from './field.ts'
import type { Words } from './words.ts'

/** The whole rdata of LOC, RFC 1876: version 0, three sizes, latitude, longitude, altitude. */
export const location: Field = {
  parse: (reader, writer) => {
    if (reader.u8() !== 0) reader.fail()
    writer.u8(0)
    for (let i = 0; i < 3; i++) writer.u8(parseSize(reader))
    writer.u32(parseAngle(reader, 90))
    writer.u32(parseAngle(reader, 180))
    writer.u32(reader.u32())
  },
  read: (words, writer) => {
    const latitude = readAngle(words, 90, 'NS')
    const longitude = readAngle(words, 180, 'EW')
    const altitude = readMetres(words, 'an altitude', -100_000 * 100, 42_849_672_95)
    const sizes = [1 * 100, 10_000 * 100, 10 * 100].map((standard) =>
      words.atEnd ? standard : readMetres(words, 'a size or precision', 0, 90_000_000 * 100),
    )
    writer.u8(0)
    for (const size of sizes) writer.u8(sizeOctet(size))
    writer.u32(EQUATOR + latitude)
    writer.u32(EQUATOR + longitude)
    writer.u32(altitude + SEA_LEVEL)
  },
  print: (reader) => {
    reader.u8()
    const sizes = [reader.u8(), reader.u8(), reader.u8()].map((octet) => printMetres((octet >> 4) * 10 ** (octet & 15)))
    const angles = [printAngle(reader.u32() - EQUATOR, 'NS'), printAngle(reader.u32() - EQUATOR, 'EW')]
    return [...angles, printMetres(reader.u32() - SEA_LEVEL), ...sizes].join(' ')
  },
}

/** Angles are in thousandths of a second of arc, with 0 degrees at 2^31. */
const EQUATOR = 0x80000000
/** Altitudes are in centimetres, with the WGS 84 reference spheroid at 100,000 m. */
const SEA_LEVEL = 10_000_000

/** Sizes are a decimal digit and a power of ten, in centimetres. */
function parseSize(reader: Reader): number {
  const octet = reader.u8()
  if (octet >> 4 > 9 || (octet & 15) > 9) reader.fail()
  return octet
}

function parseAngle(reader: Reader, degrees: number): number {
  const angle = reader.u32()
  if (Math.abs(angle - EQUATOR) > degrees * 3_600_000) reader.fail()
  return angle
}

/** Degrees, then minutes and seconds if there are any, then the hemisphere. */
function readAngle(words: Words, limit: number, hemispheres: string): number {
  let milliseconds = 0
  const first = words.peek()
  for (const unit of [3_600_000, 60_000, 1000]) {
    const word = words.next('an angle')
    if (word === undefined) return 0
    const sign = hemisphereSign(word.text, hemispheres)
    if (sign !== 0 && word !== first) return sign * milliseconds
    const isNumber = unit === 1000 ? /^\d{1,2}(\.\d{1,3})?$/ : /^\d{1,3}$/
    if (!isNumber.test(word.text) || (unit !== 3_600_000 && Number(word.text) >= 60)) {
      words.refuse(word, `'${word.text}' is no part of an angle`, 'such as 52 22 23.000 N')
      return 0
    }
    milliseconds += Math.round(Number(word.text) * unit)
    if (milliseconds > limit * 3_600_000) words.refuse(word, `the angle is above ${limit} degrees`)
  }
  const last = words.next(`${hemispheres[0]} or ${hemispheres[1]}`)
  const sign = hemisphereSign(last?.text ?? '', hemispheres)
  if (last !== undefined && sign === 0)
    words.refuse(last, `'${last.text}' is not ${hemispheres[0]} or ${hemispheres[1]}`)
  return sign * milliseconds
}

function hemisphereSign(text: string, hemispheres: string): number {
  if (text.length !== 1) return 0
  return [1, -1][hemispheres.indexOf(text.toUpperCase())] ?? 0
}

/** Metres with up to two decimals and an optional m, as centimetres. */
function readMetres(words: Words, what: string, low: number, high: number): number {
  const word = words.next(what)
  if (word === undefined) return 0
  const digits = /^(-?\d{1,10}(?:\.\d{1,2})?)m?$/i.exec(word.text)?.[1]
  const centimetres = Math.round(Number(digits) * 100)
  if (digits === undefined) words.refuse(word, `'${word.text}' is no ${what} in metres`)
  else if (centimetres < low || centimetres > high) words.refuse(word, `${word.text} is out of range`)
  else return centimetres
  return 0
}

function printAngle(milliseconds: number, hemispheres: string): string {
  const size = Math.abs(milliseconds)
  const degrees = Math.floor(size / 3_600_000)
  const minutes = Math.floor(size / 60_000) % 60
  const seconds = ((size % 60_000) / 1000).toFixed(3)
  return `${degrees} ${minutes} ${seconds} ${milliseconds < 0 ? hemispheres[1] : hemispheres[0]}`
}

function printMetres(centimetres: number): string {
  return `${(centimetres / 100).toFixed(2)}m`
}

/** The digit and power of ten at or just below a size. */
function sizeOctet(centimetres: number): number {
  let power = 0
  let digit = centimetres
  while (digit >= 10) {
    digit = Math.floor(digit / 10)
    power++
  }
  return (digit << 4) | power
}
