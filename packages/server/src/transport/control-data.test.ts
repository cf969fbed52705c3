import { ControlFacts, composeReplyInfo, readControl } from './control-data.ts'
import * as linux from './linux.ts'

/** Control data as the kernel lays it out: length, level, type, data, padded to eight octets. */
function controlData(...messages: { level: number; type: number; data: number[] }[]): {
  octets: Uint8Array
  length: number
} {
  const octets = new Uint8Array(128)
  const view = new DataView(octets.buffer)
  let at = 0
  for (const { level, type, data } of messages) {
    view.setBigUint64(at, BigInt(16 + data.length), true)
    view.setInt32(at + 8, level, true)
    view.setInt32(at + 12, type, true)
    octets.set(data, at + 16)
    at += (16 + data.length + 7) & ~7
  }
  return { octets, length: at }
}

function read(octets: Uint8Array, length: number): ControlFacts {
  const facts = new ControlFacts()
  readControl(new DataView(octets.buffer), 0, length, facts)
  return facts
}

const DROPS = { level: linux.SOL_SOCKET, type: linux.SO_RXQ_OVFL, data: [0x39, 0x05, 0, 0] }
const INFO4 = { level: linux.IPPROTO_IP, type: linux.IP_PKTINFO, data: [7, 0, 0, 0, 192, 0, 2, 1, 192, 0, 2, 1] }
const ADDRESS6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]
const INFO6 = { level: linux.IPPROTO_IPV6, type: linux.IPV6_PKTINFO, data: [...ADDRESS6, 7, 0, 0, 0] }

test('drops and packet info are found in any order', () => {
  for (const messages of [
    [DROPS, INFO4],
    [INFO4, DROPS],
  ]) {
    const { octets, length } = controlData(...messages)
    const facts = read(octets, length)
    expect(facts.drops).toBe(1337)
    expect([...octets.subarray(facts.packetInfo, facts.packetInfo + 12)]).toEqual(INFO4.data)
  }
})

test('control data that is empty, unknown or cut short says nothing and is not read beyond its end', () => {
  const unknown = controlData({ level: 99, type: 1, data: [1, 2, 3, 4] })
  expect(read(unknown.octets, unknown.length)).toMatchObject({ drops: -1, packetInfo: -1 })
  const cut = controlData(DROPS)
  for (let length = 0; length < 20; length++) expect(read(cut.octets, length).drops).toBe(-1)
  const tooShort = controlData(DROPS)
  tooShort.octets[0] = 3
  expect(read(tooShort.octets, tooShort.length).drops).toBe(-1)
})

test('a reply over IPv4 leaves from the address that was asked, by whatever interface the kernel routes it', () => {
  const { octets, length } = controlData(DROPS, INFO4)
  const { packetInfo } = read(octets, length)
  const sent = composeReplyInfo(octets, new DataView(octets.buffer), 0, { packetInfo, family: 4 })
  const reply = read(octets, sent)
  expect([...octets.subarray(reply.packetInfo, reply.packetInfo + 12)]).toEqual([0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0, 0])
})

test.each([
  ['a global address goes by whatever interface the kernel routes it', ADDRESS6, 0],
  ['a link-local address goes by the interface that it came from', [0xfe, 0x80, ...ADDRESS6.slice(2)], 7],
])('a reply over IPv6: %s', (_, address, networkInterface) => {
  const { octets, length } = controlData({ ...INFO6, data: [...address, 7, 0, 0, 0] })
  const { packetInfo } = read(octets, length)
  const sent = composeReplyInfo(octets, new DataView(octets.buffer), 0, { packetInfo, family: 6 })
  const reply = read(octets, sent)
  expect([...octets.subarray(reply.packetInfo, reply.packetInfo + 20)]).toEqual([...address, networkInterface, 0, 0, 0])
})
