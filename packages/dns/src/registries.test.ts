import { Opcode, printOpcode } from './opcode.ts'
import { printRclass, Rclass, rclassOf } from './rclass.ts'
import { printRcode, Rcode } from './rcode.ts'
import { isMetaRtype, printRtype, RTYPE_MNEMONICS, Rtype, rtypeOf } from './rtype.ts'

test('every mnemonic of a type stands for one number, both ways', () => {
  expect(new Set(Object.values(Rtype)).size).toBe(RTYPE_MNEMONICS.length)
  for (const mnemonic of RTYPE_MNEMONICS) expect(printRtype(rtypeOf(mnemonic)!)).toBe(mnemonic)
})

test.each([
  ['aaaa', 28],
  ['TYPE1', 1],
  ['type65535', 65535],
  ['TYPE65536', undefined],
  ['TYPE01', undefined],
  ['TYPE', undefined],
  ['AAA', undefined],
  ['constructor', undefined],
])('%s is type %s', (text, rtype) => expect(rtypeOf(text)).toBe(rtype))

test('types without a mnemonic are printed by number', () => {
  expect(printRtype(65400)).toBe('TYPE65400')
  expect(printRclass(7)).toBe('CLASS7')
  expect(printRcode(15)).toBe('RCODE15')
  expect(printOpcode(15)).toBe('OPCODE15')
})

test('classes, response codes and opcodes have their mnemonics', () => {
  expect([rclassOf('in'), rclassOf('CLASS1'), rclassOf('CLASS70000'), rclassOf('IT')]).toEqual([
    1,
    1,
    undefined,
    undefined,
  ])
  expect([printRclass(Rclass.CH), printRcode(Rcode.BADVERS), printOpcode(Opcode.NOTIFY)]).toEqual([
    'CH',
    'BADVERS',
    'NOTIFY',
  ])
})

test('types of messages only are told from types of zones', () => {
  for (const rtype of [0, Rtype.OPT, Rtype.NXNAME, Rtype.TSIG, Rtype.AXFR, Rtype.ANY])
    expect(isMetaRtype(rtype)).toBe(true)
  for (const rtype of [Rtype.A, Rtype.SPF, Rtype.URI, Rtype.CAA, 127, 65400]) expect(isMetaRtype(rtype)).toBe(false)
})
