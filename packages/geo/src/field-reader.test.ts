import { readPrefix } from '@windrose/ip'
import fc from 'fast-check'
import { composeMmdb } from './compose-mmdb.ts'
import { compilePath, type FieldPath, FieldReader } from './field-reader.ts'
import { Reader } from './maxmind-reader.ts'
import type { MmdbRecord, MmdbValue } from './mmdb-data.ts'
import { fieldAt, toNumber } from './schema.ts'
import { dataStart, type SearchTree } from './search-tree.ts'

/** The fields of a file whose only record is the given one, after others that it may point into. */
function open(record: MmdbRecord): { fields: FieldReader; offset: number; decoded: unknown } {
  const entries = [record].map((one) => ({ prefix: readPrefix('192.0.2.0/24')!.prefix, record: one }))
  const content = { databaseType: 'x', buildEpoch: 1, ipVersion: 4, recordSize: 24, entries } as const
  const octets = Buffer.from(composeMmdb(content))
  const reader = new Reader(octets)
  const { nodeCount, recordSize, ipVersion } = reader.metadata
  const tree: SearchTree = { octets, nodeCount, recordSize, ipVersion }
  return { fields: new FieldReader(tree), offset: dataStart(tree), decoded: reader.getWithPrefixLength('192.0.2.1')[0] }
}

const key = fc.constantFrom('a', 'bc', 'latitude', 'country', 'iso_code', 'a longer key than 29 octets take')
const leaf: fc.Arbitrary<MmdbValue> = fc.oneof(
  fc.stringMatching(/^[A-Z]{0,3}$/),
  fc.constantFrom('', ' ', '12.5', '-3', 'x'.repeat(400)),
  fc.integer(),
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
)
const { record } = fc.letrec<{ value: MmdbValue; record: MmdbRecord }>((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, leaf, tie('record'), fc.array(tie('value'), { maxLength: 3 })),
  record: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))
const path: fc.Arbitrary<FieldPath> = fc.array(fc.oneof(key, fc.nat(2)), { minLength: 1, maxLength: 4 })

/** Every path into the value. */
function pathsInto(value: MmdbValue, before: FieldPath = []): FieldPath[] {
  if (typeof value !== 'object') return [before]
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return steps.flatMap((step) => pathsInto(fieldAt(value, [step]) as MmdbValue, [...before, step]))
}

test('a field read alone is what the library decodes there, for any record and path', () => {
  fc.assert(
    fc.property(record, fc.array(path, { maxLength: 4 }), (drawn, others) => {
      const { fields, offset, decoded } = open(drawn)
      const paths = [...pathsInto(drawn), ...others]
      const expected = paths.map((one) => ownFieldAt(decoded, one))
      expect(paths.map((one) => fields.number(offset, compilePath(one)))).toEqual(expected.map(toNumber))
      expect(paths.map((one) => fields.string(offset, compilePath(one)))).toEqual(
        expected.map((value) => (typeof value === 'string' ? value : '')),
      )
    }),
  )
})

/** As fieldAt, but a number is an index of lists alone, as in the file. */
function ownFieldAt(value: unknown, [step, ...rest]: FieldPath): unknown {
  if (step === undefined) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number'))
    return undefined
  return Object.hasOwn(value, step) ? ownFieldAt((value as Record<string | number, unknown>)[step], rest) : undefined
}

test('damaged data gives no field, and ends', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 64 })
  fc.assert(
    fc.property(octets, path, (data, one) => {
      const tree: SearchTree = { octets: data, nodeCount: 0, recordSize: 24, ipVersion: 4 }
      try {
        new FieldReader(tree).number(0, compilePath(one))
        new FieldReader(tree).string(0, compilePath(one))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})
