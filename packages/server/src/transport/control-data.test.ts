import { composeReplyInfo, findPacketInfo } from './control-data.ts'
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

function find(octets: Uint8Array, length: number): number {
  return findPacketInfo(new DataView(octets.buffer), 0, length)
}

const TIMESTAMP = { level: linux.SOL_SOCKET, type: 29, data: [0x39, 0x05, 0, 0] }
const INFO4 = { level: linux.IPPROTO_IP, type: linux.IP_PKTINFO, data: [7, 0, 0, 0, 192, 0, 2, 1, 192, 0, 2, 1] }
const ADDRESS6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]
const INFO6 = { level: linux.IPPROTO_IPV6, type: linux.IPV6_PKTINFO, data: [...ADDRESS6, 7, 0, 0, 0] }

test('packet info is found before and behind other messages', () => {
  for (const messages of [[INFO4], [TIMESTAMP, INFO4], [INFO4, TIMESTAMP]]) {
    const { octets, length } = controlData(...messages)
    const at = find(octets, length)
    expect([...octets.subarray(at, at + 12)]).toEqual(INFO4.data)
  }
})

test('control data that is empty, unknown or cut short says nothing and is not read beyond its end', () => {
  const unknown = controlData({ level: 99, type: 1, data: [1, 2, 3, 4] })
  expect(find(unknown.octets, unknown.length)).toBe(-1)
  const cut = controlData(INFO4)
  for (let length = 0; length < 28; length++) expect(find(cut.octets, length)).toBe(-1)
  const tooShort = controlData(INFO4)
  tooShort.octets[0] = 3
  expect(find(tooShort.octets, tooShort.length)).toBe(-1)
})

test.each([
  ['alone', [INFO4]],
  ['behind another message', [TIMESTAMP, INFO4]],
])(
  'a reply over IPv4 leaves from the address that was asked, by whatever interface; packet info stood %s',
  (_, sent) => {
    const { octets, length } = controlData(...sent)
    const replied = composeReplyInfo(octets, new DataView(octets.buffer), 0, find(octets, length), 4)
    expect(replied).toBe(32)
    expect(find(octets, replied)).toBe(16)
    expect([...octets.subarray(16, 24)]).toEqual([0, 0, 0, 0, 192, 0, 2, 1])
  },
)

test.each([
  ['a global address goes by whatever interface the kernel routes it', ADDRESS6, 0],
  ['a link-local address goes by the interface that it came from', [0xfe, 0x80, ...ADDRESS6.slice(2)], 7],
])('a reply over IPv6: %s', (_, address, networkInterface) => {
  for (const before of [[], [TIMESTAMP]]) {
    const { octets, length } = controlData(...before, { ...INFO6, data: [...address, 7, 0, 0, 0] })
    const replied = composeReplyInfo(octets, new DataView(octets.buffer), 0, find(octets, length), 6)
    expect(replied).toBe(40)
    expect(find(octets, replied)).toBe(16)
    expect([...octets.subarray(16, 36)]).toEqual([...address, networkInterface, 0, 0, 0])
  }
})
