import fc from 'fast-check'
import { anticipate } from './anticipate.ts'
import { BATCH_MAX, type PacketBatch } from './foresight.ts'
import { composeQuery, Scene } from './scene.arbitraries.ts'
import { anyPacket, anyScene } from './worlds.arbitraries.ts'

const STRIDE = 1600

/** Packets as a transport holds them, with what others left behind them. */
function batchOf(packets: readonly Uint8Array[], family: 4 | 6): PacketBatch {
  const octets = new Uint8Array(packets.length * STRIDE + 16).fill(0xee)
  packets.forEach((packet, i) => {
    octets.set(packet, i * STRIDE)
  })
  return {
    octets,
    view: new DataView(octets.buffer),
    count: packets.length,
    family,
    starts: Int32Array.from(packets, (_, i) => i * STRIDE),
    lengths: Int32Array.from(packets, ({ length }) => length),
    sources: new Int32Array(packets.length).fill(packets.length * STRIDE),
  }
}

const anyPackets = fc.array(anyPacket, { maxLength: BATCH_MAX })

test('reading ahead changes neither packets nor answers, whatever the packets are', () => {
  fc.assert(
    fc.property(anyScene, anyPackets, fc.constantFrom(4 as const, 6 as const), (scene, packets, family) => {
      const answered = packets.map((packet) => scene.send(packet))
      const batch = batchOf(packets, family)
      const before = batch.octets.slice()
      anticipate(batch, scene.runtime)
      expect(batch.octets).toEqual(before)
      expect(packets.map((packet) => scene.send(packet))).toEqual(answered)
    }),
    { numRuns: 60 },
  )
})

test('for most names it reads what is then needed: the map of a steered one, and where its client stands', () => {
  const names = Array.from({ length: 60 }, (_, i) => `n${i}.example.org.`)
  const scene = new Scene({
    zones: { 'example.org.': names.map((name) => `s${name} A 192.0.2.1`).join('\n') },
    steer: Object.fromEntries(names.map((name) => [name, 'web'])),
    services: { web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } } },
    clients: { '80.0.0.0/8': ['fra'], '2a00::/16': ['iad'] },
  })
  const parts = [{}, { ecs: '80.1.2.0/24' }, { ecs: '2a00:1::/48' }]
  const packets = names.map((name, i) => composeQuery(`${name} A`, parts[i % 3]!))
  const batch = batchOf(packets, 4)
  anticipate(batch, scene.runtime)
  const { tries, clients, families } = scene.runtime.foresight
  // The index is half full, and only the first slot is looked at.
  expect(packets.filter((_, i) => tries[i] === 0).length).toBeGreaterThan(35)
  packets.forEach((packet, i) => {
    const address = [batch.sources[i]!, i * STRIDE + packet.length - 3, i * STRIDE + packet.length - 6][i % 3]
    expect([clients[i], families[i]]).toEqual([address, i % 3 === 2 ? 6 : 4])
  })
})
