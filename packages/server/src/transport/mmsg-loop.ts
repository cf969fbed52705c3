import { Exchange, type PacketBatch, SILENCE, viewOf } from '@windrose/nameserver'
import { type Arena, BATCH, IOV_LEN, MSG_CONTROLLEN, MSG_LEN } from './arena.ts'
import { composeReplyInfo, findPacketInfo } from './control-data.ts'
import type { Libc } from './libc.ts'
import * as linux from './linux.ts'
import { RECEIVE_TIMEOUT_MS, type UdpSocket } from './udp-socket.ts'
import { WorkerCell } from './worker-cells.ts'

/**
 * What a loop works with. `anticipate` sees each batch before any of it is answered, `answer` makes one response, in
 * place, and gives its length. `takeNews` looks for a newer snapshot: it is called with a batch in hand, before any of it is
 * answered, so that what was published before a query came is what answers it. `goesOn` is false when the loop should end.
 */
export interface MmsgLoopParts {
  readonly libc: Libc
  readonly arena: Arena
  readonly sockets: readonly UdpSocket[]
  readonly anticipate: (batch: PacketBatch) => void
  readonly answer: (exchange: Exchange) => number
  readonly cells: Int32Array
  readonly takeNews: () => void
  readonly goesOn: () => boolean
}

/**
 * The answering thread's life: take up to 64 datagrams with one call, answer each in place, send the responses with one
 * call, look for news. The thread blocks in the kernel while there is nothing to do: it has no other work.
 */
export class MmsgLoop {
  readonly #parts: MmsgLoopParts
  readonly #exchange = new Exchange(new Uint8Array(0), new Uint8Array(0))
  readonly #packets: Uint8Array[]
  readonly #views: DataView[]
  readonly #batch: PacketBatch & { count: number; family: 4 | 6 }
  /** Octets to send for each slot of the batch; SILENCE for none. */
  readonly #lengths = new Int32Array(BATCH)
  /** The address of each slot's header. */
  readonly #headers: bigint[]

  constructor(parts: MmsgLoopParts) {
    const { arena } = parts
    this.#parts = parts
    this.#packets = Array.from({ length: BATCH }, (_, slot) => arena.packet(slot))
    this.#views = this.#packets.map(viewOf)
    this.#batch = {
      octets: arena.octets,
      view: arena.view,
      count: 0,
      family: 4,
      starts: Int32Array.from({ length: BATCH }, (_, slot) => arena.packetStart(slot)),
      lengths: new Int32Array(BATCH),
      sources: new Int32Array(BATCH),
    }
    this.#headers = Array.from({ length: BATCH }, (_, slot) => arena.address(arena.header(slot)))
  }

  /** Answers until `goesOn` says no. */
  run(): void {
    if (this.#parts.sockets.length === 1) this.#runOne()
    else this.#runMany()
  }

  /** One socket: the receive itself waits, for as long as the socket's timeout says. */
  #runOne(): void {
    const { goesOn } = this.#parts
    while (goesOn()) this.#rest(this.#answerBatch(0, linux.MSG_WAITFORONE))
  }

  /**
   * Several sockets: poll waits, receives do not. A full batch is a sign that there is more, so that one need not ask;
   * but after some batches the other sockets have their turn.
   */
  #runMany(): void {
    const { libc, arena, sockets, goesOn } = this.#parts
    const descriptors = arena.scratch
    for (const [i, socket] of sockets.entries()) {
      arena.view.setInt32(descriptors + i * POLLFD_OCTETS, socket.fd, true)
      arena.view.setInt16(descriptors + i * POLLFD_OCTETS + 4, linux.POLLIN, true)
    }
    const address = arena.address(descriptors)
    while (goesOn()) {
      if (libc.poll(address, sockets.length, RECEIVE_TIMEOUT_MS) <= 0) continue
      let largest = 0
      for (let i = 0; i < sockets.length; i++) {
        if (arena.view.getInt16(descriptors + i * POLLFD_OCTETS + 6, true) === 0) continue
        for (let turn = 0; turn < TURNS_MAX; turn++) {
          const received = this.#answerBatch(i, linux.MSG_DONTWAIT)
          largest = Math.max(largest, received)
          if (received < BATCH || !goesOn()) break
        }
      }
      this.#rest(largest)
    }
  }

  /**
   * Leaves the core to others for a moment where they need it and there is little to answer. Waking up for every packet
   * costs several times what answering it does, and would leave them next to nothing.
   */
  #rest(received: number): void {
    const { libc, cells } = this.#parts
    const restUs = cells[WorkerCell.restUs]!
    if (restUs > 0 && received > 0 && received < BATCH / 2) libc.usleep(restUs)
  }

  /** Receives, answers and sends one batch of one socket; returns the datagrams received. */
  #answerBatch(index: number, flags: number): number {
    const { libc, arena, sockets, cells, takeNews, anticipate } = this.#parts
    const socket = sockets[index]!
    const received = libc.recvmmsg(socket.fd, this.#headers[0]!, BATCH, flags, 0n)
    cells[WorkerCell.heartbeat]!++
    if (received <= 0) return 0
    takeNews()
    cells[WorkerCell.held] = received
    cells[WorkerCell.atHand] = 0
    this.#takeIn(received, socket.family)
    if (received > 1) anticipate(this.#batch)
    for (let slot = 0; slot < received; slot++) this.#answer(slot, index)
    this.#send(socket.fd, received)
    arena.makeRoom(received)
    cells[WorkerCell.held] = 0
    return received
  }

  /** What the kernel says of the packets that have come. */
  #takeIn(received: number, family: 4 | 6): void {
    const { arena } = this.#parts
    const batch = this.#batch
    batch.count = received
    batch.family = family
    for (let slot = 0; slot < received; slot++) {
      batch.lengths[slot] = arena.view.getUint32(arena.header(slot) + MSG_LEN, true)
      batch.sources[slot] = arena.name(slot) + (family === 4 ? SIN_ADDR : SIN6_ADDR)
    }
  }

  /** Answers one query, and addresses the response: to where the query came from, from where it was sent to. */
  #answer(slot: number, index: number): void {
    const { arena, answer, cells, sockets } = this.#parts
    const { family, wildcard } = sockets[index]!
    cells[WorkerCell.atHand] = slot
    const exchange = this.#exchange
    exchange.takeInPlace(this.#packets[slot]!, this.#views[slot]!, this.#batch.lengths[slot]!)
    exchange.family = family
    const from = this.#batch.sources[slot]!
    for (let i = 0; i < (family === 4 ? 4 : 16); i++) exchange.source[i] = arena.octets[from + i]!
    const length = answer(exchange)
    this.#lengths[slot] = length
    const view = arena.view
    const header = arena.header(slot)
    view.setUint32(arena.iovec(slot) + IOV_LEN, length, true)
    const controlLength = view.getUint32(header + MSG_CONTROLLEN, true)
    let replyControl = 0
    if (wildcard && controlLength > 0) {
      const control = arena.control(slot)
      const packetInfo = findPacketInfo(view, control, controlLength)
      if (packetInfo >= 0) replyControl = composeReplyInfo(arena.octets, view, control, packetInfo, family)
    }
    view.setUint32(header + MSG_CONTROLLEN, replyControl, true)
  }

  /** Sends the responses, run by run: a silent slot parts two runs. */
  #send(fd: number, received: number): void {
    let slot = 0
    while (slot < received) {
      if (this.#lengths[slot] === SILENCE) {
        slot++
        continue
      }
      let end = slot + 1
      while (end < received && this.#lengths[end] !== SILENCE) end++
      this.#sendRun(fd, slot, end)
      slot = end
    }
  }

  /** A short count means that the next message failed: it is skipped and counted, the rest goes on. Nothing waits. */
  #sendRun(fd: number, start: number, end: number): void {
    const { libc, cells } = this.#parts
    let slot = start
    while (slot < end) {
      const sent = libc.sendmmsg(fd, this.#headers[slot]!, end - slot, linux.MSG_DONTWAIT)
      if (sent > 0) {
        slot += sent
        continue
      }
      const errno = libc.errno()
      if (errno === linux.EINTR) continue
      const lost = errno === linux.EAGAIN ? end - slot : 1
      cells[WorkerCell.sendFailures]! += lost
      slot += lost
    }
  }
}

/** Offsets of the address in struct sockaddr_in and sockaddr_in6. */
const SIN_ADDR = 4
const SIN6_ADDR = 8
/** Batches of one socket in a row, some milliseconds' worth. */
const TURNS_MAX = 16
/** struct pollfd: descriptor 4, events 2, what happened 2. */
const POLLFD_OCTETS = 8
