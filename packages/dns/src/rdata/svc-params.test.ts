import { readMasterFile } from '../master-file/read-master-file.ts'
import { ROOT } from '../name.ts'
import { Rtype } from '../rtype.ts'
import { readHex } from './base-encodings.ts'
import { isRdata } from './parse-rdata.ts'
import { printRdata } from './print-rdata.ts'

function read(rdata: string): Uint8Array | string {
  const { records, problems } = readMasterFile({ file: 'z', text: `example.com. 1 SVCB ${rdata}`, origin: ROOT })
  return records[0]?.rdata ?? problems[0]!.message
}

const hex = (text: string): Uint8Array => readHex(text.replace(/\s/g, ''))!

// RFC 9460 appendix D.
const FOO = '03666f6f 07657861 6d706c65 03636f6d 00'
test.each([
  ['0 foo.example.com.', `0000 ${FOO}`],
  ['1 .', '0001 00'],
  ['16 foo.example.com. port=53', `0010 ${FOO} 0003 0002 0035`],
  ['1 foo.example.com. key667=hello', `0001 ${FOO} 029b 0005 68656c6c6f`],
  ['1 foo.example.com. key667="hello\\210qoo"', `0001 ${FOO} 029b 0009 68656c6c6fd2716f6f`],
  [
    '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
    `0001 ${FOO} 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001`,
  ],
  [
    '1 example.com. ipv6hint="2001:db8:122:344::192.0.2.33"',
    '0001 076578616d706c65 03636f6d 00 0006 0010 20010db8012203440000 0000c0000221',
  ],
  [
    '16 foo.example.org. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)',
    '0010 03666f6f 076578616d706c65 036f7267 00 0000 0004 0001 0004 0001 0009 026832 0568332d3139 0004 0004 c0000201',
  ],
  [
    '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
    '0010 03666f6f 076578616d706c65 036f7267 00 0001 000c 08665c6f6f2c626172 026832',
  ],
  [
    '16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2',
    '0010 03666f6f 076578616d706c65 036f7267 00 0001 000c 08665c6f6f2c626172 026832',
  ],
])('SVCB %s', (text, octets) => {
  expect(read(text)).toEqual(hex(octets))
  expect(read(printRdata(Rtype.SVCB, hex(octets)))).toEqual(hex(octets))
})

test.each([
  ['1 . alpn=h2 alpn=h3', 'the parameter alpn is there twice'],
  ['1 . mandatory=port', "'mandatory' lists port, which is not there"],
  ['1 . mandatory=mandatory,port port=1', 'mandatory: the value is missing or malformed'],
  ['1 . mandatory=port,port port=1', "mandatory: 'port' is listed twice"],
  ['1 . mandatory=nothing', "mandatory: 'nothing' is no key"],
  ['1 . no-default-alpn', "'no-default-alpn' needs 'alpn' beside it"],
  ['1 . alpn=h2 no-default-alpn=1', 'no-default-alpn: it takes no value'],
  ['1 . alpn=', 'alpn: a protocol id is empty'],
  ['1 . alpn', 'alpn: a protocol id is empty'],
  ['1 . port=65536', "port: '65536' is no port"],
  ['1 . port', "port: '' is no port"],
  ['1 . ipv4hint=::1', "ipv4hint: '::1' is no IPv4 address"],
  ['1 . ipv6hint=192.0.2.1', "ipv6hint: '192.0.2.1' is no IPv6 address"],
  ['1 . ech=*', 'ech: the value is no base 64'],
  ['1 . ech', 'ech: the value is missing or malformed'],
  ['1 . key3=\\001', 'key3: the value is missing or malformed'],
  ['1 . key65535=x', "'key65535' is no service parameter"],
  ['1 . key01=x', "'key01' is no service parameter"],
  ['1 . "alpn=h2"', "'alpn=h2' is no service parameter"],
  ['1 . colour=red', "'colour' is no service parameter"],
])('SVCB %s is refused', (text, message) => expect(read(text)).toBe(message))

test.each([
  ['a key twice', '0001 00 0003 0002 0035 0003 0002 0035'],
  ['keys out of order', '0001 00 0004 0004 c0000201 0003 0002 0035'],
  ['a value cut short', '0001 00 0003 0002 00'],
  ['a port of three octets', '0001 00 0003 0003 003500'],
  ['an empty list of protocols', '0001 00 0001 0000'],
  ['a protocol id past the value', '0001 00 0001 0003 036832'],
  ['an address cut short', '0001 00 0004 0005 c000020100'],
  ['a mandatory key that is not there', '0001 00 0000 0002 0003'],
  ['mandatory keys out of order', '0001 00 0000 0004 0004 0003 0003 0002 0035 0004 0004 c0000201'],
])('SVCB with %s is malformed', (_, octets) => expect(isRdata(Rtype.SVCB, hex(octets))).toBe(false))

test('a known key may be written by its number, with its octets', () => {
  expect(read('1 . key3=\\000\\053')).toEqual(read('1 . port=53'))
})
