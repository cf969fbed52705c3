import type { Exchange } from '@windrose/nameserver'
import { Arena, arenaOctets, BATCH, heldPackets, IOV_LEN, MSG_CONTROLLEN, MSG_LEN, packetRoom } from './arena.ts'
import type { Libc } from './libc.ts'
import * as linux from './linux.ts'
import { MmsgLoop } from './mmsg-loop.ts'
import type { UdpSocket } from './udp-socket.ts'
import { WORKER_CELLS, WorkerCell } from './worker-cells.ts'

/** A kernel that holds what the test puts into it: each socket has packets waiting, and sends may go wrong. */
class Kernel {
  readonly waiting = new Map<number, Uint8Array[]>()
  readonly sent: Uint8Array[] = []
  /** How often packets were taken from each socket, in order. */
  readonly taken: number[] = []
  /** What the next sends do: a number of messages, or an errno below 0; all messages once it is empty. */
  readonly sends: number[] = []
  errno = 0
  readonly rests: number[] = []
  readonly arena: Arena
  readonly room = packetRoom(1232)

  constructor() {
    // Addresses are offsets here.
    this.arena = new Arena(new SharedArrayBuffer(arenaOctets(this.room)), this.room, () => 0n)
  }

  get libc(): Libc {
    return {
      poll: (descriptors: bigint, count: number) => {
        let ready = 0
        for (let i = 0; i < count; i++) {
          const at = Number(descriptors) + i * 8
          const has = (this.waiting.get(this.arena.view.getInt32(at, true))?.length ?? 0) > 0
          this.arena.view.setInt16(at + 6, has ? linux.POLLIN : 0, true)
          if (has) ready++
        }
        return ready
      },
      recvmmsg: (fd: number) => {
        const packets = this.waiting.get(fd)!.splice(0, BATCH)
        this.taken.push(fd)
        for (const [slot, packet] of packets.entries()) this.#deliver(slot, packet)
        return packets.length > 0 ? packets.length : -1
      },
      sendmmsg: (_fd: number, messages: bigint, count: number) => {
        const told = this.sends.shift() ?? count
        if (told < 0) {
          this.errno = -told
          return -1
        }
        const first = (Number(messages) - this.arena.header(0)) / 64
        for (let slot = first; slot < first + told; slot++) this.#collect(slot)
        return told
      },
      usleep: (microseconds: number) => this.rests.push(microseconds),
      errno: () => this.errno,
    } as unknown as Libc
  }

  #deliver(slot: number, packet: Uint8Array): void {
    const { arena, room } = this
    expect(arena.view.getUint32(arena.iovec(slot) + IOV_LEN, true)).toBe(room)
    arena.packet(slot).set(packet.subarray(0, room))
    arena.view.setUint32(arena.header(slot) + MSG_LEN, Math.min(room, packet.length), true)
    arena.view.setUint32(arena.header(slot) + MSG_CONTROLLEN, 0, true)
  }

  #collect(slot: number): void {
    const length = this.arena.view.getUint32(this.arena.iovec(slot) + IOV_LEN, true)
    this.sent.push(this.arena.packet(slot).slice(0, length))
  }
}

const SOCKET: UdpSocket = { fd: 3, family: 4, wildcard: false }

/** Runs a loop until nothing waits any more. `answer` gives the length of a response in place. */
function run(
  kernel: Kernel,
  sockets: readonly UdpSocket[],
  answer: (exchange: Exchange) => number,
  restUs = 0,
): Int32Array {
  const cells = new Int32Array(WORKER_CELLS)
  cells[WorkerCell.restUs] = restUs
  let turns = 0
  new MmsgLoop({
    libc: kernel.libc,
    arena: kernel.arena,
    sockets,
    anticipate: () => undefined,
    answer,
    cells,
    takeNews: () => undefined,
    goesOn: () => turns++ < 200 && [...kernel.waiting.values()].some((packets) => packets.length > 0),
  }).run()
  return cells
}

const packets = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Uint8Array.of(i, 1, 2))
const firsts = ({ sent }: Kernel): number[] => sent.map((packet) => packet[0]!)
const echo = ({ length }: Exchange): number => length

test('every packet is answered in place, from one header', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(BATCH * 2 + 5))
  run(kernel, [SOCKET], (exchange) => {
    exchange.out[1] = 9
    return exchange.length
  })
  expect(kernel.sent).toHaveLength(BATCH * 2 + 5)
  expect(kernel.sent.every((packet) => packet[1] === 9)).toBe(true)
})

test('a silent slot is left out, and what stands around it is sent', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(6))
  run(kernel, [SOCKET], ({ packet, length }) => (packet[0] === 0 || packet[0] === 3 ? 0 : length))
  expect(firsts(kernel)).toEqual([1, 2, 4, 5])
})

test('a message that cannot be sent is skipped and counted; those behind it go out', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(6))
  kernel.sends.push(2, -1)
  const cells = run(kernel, [SOCKET], echo)
  expect(firsts(kernel)).toEqual([0, 1, 3, 4, 5])
  expect(cells[WorkerCell.sendFailures]).toBe(1)
})

test('a full send buffer drops the rest of the batch and counts it: nothing waits', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(6))
  kernel.sends.push(2, -linux.EAGAIN)
  const cells = run(kernel, [SOCKET], echo)
  expect(firsts(kernel)).toEqual([0, 1])
  expect(cells[WorkerCell.sendFailures]).toBe(4)
})

test('an interrupted send is made again', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(3))
  kernel.sends.push(-linux.EINTR)
  const cells = run(kernel, [SOCKET], echo)
  expect(firsts(kernel)).toEqual([0, 1, 2])
  expect(cells[WorkerCell.sendFailures]).toBe(0)
})

test('an empty datagram and one that is longer than its room are packets like others', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, [new Uint8Array(0), new Uint8Array(9000), Uint8Array.of(7)])
  const lengths: number[] = []
  run(kernel, [SOCKET], ({ length }) => {
    lengths.push(length)
    return length
  })
  expect(lengths).toEqual([0, kernel.room, 1])
})

test('a flood on one address does not keep another from being answered', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(BATCH * 100))
  kernel.waiting.set(4, packets(1))
  run(kernel, [SOCKET, { fd: 4, family: 6, wildcard: false }], echo)
  expect(kernel.taken.indexOf(4)).toBeGreaterThan(0)
  expect(kernel.taken.indexOf(4)).toBeLessThan(30)
  expect(kernel.taken.filter((fd) => fd === 3).length).toBeGreaterThan(90)
})

test.each([
  ['one socket', [SOCKET]],
  ['two sockets', [SOCKET, { fd: 4, family: 6, wildcard: false } as const]],
])('with %s the thread rests after a small batch while others need the core, and only then', (_, sockets) => {
  const resting = (count: number, restUs: number): number[] => {
    const kernel = new Kernel()
    for (const { fd } of sockets) kernel.waiting.set(fd, [])
    kernel.waiting.set(3, packets(count))
    run(kernel, sockets, echo, restUs)
    expect(kernel.sent).toHaveLength(count)
    return kernel.rests
  }
  expect(resting(3, 200)).toEqual([200])
  expect(resting(BATCH, 200)).toEqual([])
  expect(resting(3, 0)).toEqual([])
})

test('a batch whose worker dies is still in its memory, from the packet that was being answered', () => {
  const kernel = new Kernel()
  kernel.waiting.set(3, packets(5))
  const cells = new Int32Array(WORKER_CELLS)
  const loop = new MmsgLoop({
    libc: kernel.libc,
    arena: kernel.arena,
    sockets: [SOCKET],
    anticipate: () => undefined,
    answer: ({ packet, length }) => {
      if (packet[0] === 2) throw new Error('too strange')
      packet.fill(0xff, 0, length)
      return length
    },
    cells,
    takeNews: () => undefined,
    goesOn: () => true,
  })
  expect(() => loop.run()).toThrow('too strange')
  const memory = kernel.arena.octets.buffer as SharedArrayBuffer
  const held = heldPackets(memory, kernel.room, cells[WorkerCell.atHand]!, cells[WorkerCell.held]!)
  expect(held.map((packet) => [...packet])).toEqual([
    [2, 1, 2],
    [3, 1, 2],
    [4, 1, 2],
  ])
})
