import {
  Arena,
  arenaOctets,
  BATCH,
  IOV_LEN,
  MSG_CONTROLLEN,
  MSG_LEN,
  MSG_NAME,
  MSG_NAMELEN,
  packetRoom,
} from '@windrose/server/transport/arena'
import type { Libc } from '@windrose/server/transport/libc'
import { ConnectedSockets, NO_WAIT } from './connected-sockets.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import type { Load, LoadResult } from './load.ts'
import { RandomQueries } from './random-queries.ts'

/**
 * Sends random queries over batched sockets and counts what comes back. It spins: it has a core of its own, and a
 * generator that sleeps would measure how long it takes to wake up.
 */
export class LoadGenerator {
  readonly #libc: Libc
  /** One to send from, one to receive into. */
  readonly #outgoing: Arena
  readonly #incoming: Arena

  constructor(libc: Libc) {
    this.#libc = libc
    this.#outgoing = createArena(libc)
    this.#incoming = createArena(libc)
  }

  /** Runs one load to its end; nothing else happens in the process meanwhile. */
  run(load: Load): LoadResult {
    const sockets = new ConnectedSockets(this.#libc, load.target, load.sockets)
    try {
      return new LoadRun({ libc: this.#libc, outgoing: this.#outgoing, incoming: this.#incoming, sockets, load }).run()
    } finally {
      sockets.close()
    }
  }
}

function createArena(libc: Libc): Arena {
  const room = packetRoom(0)
  return new Arena(new SharedArrayBuffer(arenaOctets(room)), room, libc.addressOf)
}

interface RunParts {
  readonly libc: Libc
  readonly outgoing: Arena
  readonly incoming: Arena
  readonly sockets: ConnectedSockets
  readonly load: Load
}

/** IDs that are in use; far more than queries are ever on their way from one socket. */
const IDS = 4096
/** A query that is on its way for longer is lost. */
const LOST_AFTER_MS = 500
/** Most queries that one call sends with an open pace: a generator that fell behind shall not make bursts of its own. */
const OPEN_BURST = 32
/** A generator that is further behind skips what it should have sent. */
const CATCH_UP_MS = 5

class LoadRun {
  readonly #parts: RunParts
  readonly #queries: RandomQueries
  readonly #receiveHeaders: bigint
  readonly #sendHeaders: bigint
  readonly #latency = new LatencyHistogram()
  /** By socket and ID, which counts up to IDS and begins again: when the query was to be sent, in ms; 0 for none. */
  readonly #sentAt: Float64Array
  /** By socket: the next ID, how many are on their way, when something was last received. */
  readonly #next: Int32Array
  readonly #onTheWay: Int32Array
  readonly #heardAt: Float64Array
  readonly #rcodes: number[] = new Array<number>(16).fill(0)
  #sent = 0
  #answered = 0
  #lost = 0
  #unexpected = 0
  #records = 0
  #behind = 0
  #skipped = 0

  constructor(parts: RunParts) {
    const { outgoing, incoming, load } = parts
    this.#parts = parts
    this.#queries = new RandomQueries(load.queries, load.seed, load.ipv6Blocks)
    this.#layOut()
    parts.sockets.cutMessages(this.#queries.octets)
    this.#sendHeaders = outgoing.address(outgoing.header(0))
    this.#receiveHeaders = incoming.address(incoming.header(0))
    this.#sentAt = new Float64Array(load.sockets * IDS)
    this.#next = new Int32Array(load.sockets)
    this.#onTheWay = new Int32Array(load.sockets)
    this.#heardAt = new Float64Array(load.sockets).fill(performance.now())
  }

  /**
   * Queries stand one behind the other and are sent as one message, which the kernel cuts into datagrams of one length
   * (UDP_SEGMENT): sending would else cost the generator more than answering costs a fast server, and the server would
   * wait for it. The sockets are connected: the header names no address.
   */
  #layOut(): void {
    const { outgoing, incoming } = this.#parts
    incoming.makeRoom(BATCH)
    for (let i = 0; i < BATCH; i++) this.#queries.compose(outgoing.octets, this.#queryStart(i))
    outgoing.view.setBigUint64(outgoing.header(0) + MSG_NAME, 0n, true)
    outgoing.view.setUint32(outgoing.header(0) + MSG_NAMELEN, 0, true)
    outgoing.view.setUint32(outgoing.header(0) + MSG_CONTROLLEN, 0, true)
  }

  #queryStart(i: number): number {
    return this.#parts.outgoing.packetStart(0) + i * this.#queries.octets
  }

  run(): LoadResult {
    const { load } = this.#parts
    const start = performance.now()
    if (load.pace.kind === 'closed') this.#runClosed(start + load.durationMs, load.pace.window)
    else this.#runOpen(start, load.pace.queriesPerSecond)
    const seconds = (performance.now() - start) / 1000
    const answered = this.#answered
    this.#awaitRest()
    return {
      seconds,
      sent: this.#sent,
      answered,
      lost: this.#lost,
      unexpected: this.#unexpected,
      rcodes: this.#rcodes,
      records: this.#records,
      latency: {
        p50: this.#latency.quantile(0.5),
        p99: this.#latency.quantile(0.99),
        p999: this.#latency.quantile(0.999),
        max: this.#latency.quantile(1),
      },
      behind: this.#behind,
      skipped: this.#skipped,
    }
  }

  #runClosed(deadline: number, window: number): void {
    const { sockets, load } = this.#parts
    const share = Math.max(1, Math.floor(window / load.sockets))
    let now = performance.now()
    while (now < deadline) {
      for (let socket = 0; socket < sockets.descriptors.length; socket++) {
        this.#receive(socket)
        now = performance.now()
        const due = share - this.#onTheWay[socket]!
        // Half a batch is waited for, so that the server's batches are made by the server and not by this loop.
        if (due > share >> 1) this.#send(socket, due, now, 0)
      }
    }
  }

  #runOpen(start: number, queriesPerSecond: number): void {
    const { sockets, load } = this.#parts
    const spacing = 1000 / queriesPerSecond
    const end = start + load.durationMs
    let socket = 0
    // When the next query is to be sent.
    let intended = start + spacing
    for (let now = performance.now(); now < end; now = performance.now()) {
      const due = Math.floor((now - intended) / spacing) + 1
      if (due > 0) {
        const behind = now - intended
        this.#behind = Math.max(this.#behind, behind * 1e6)
        if (behind > CATCH_UP_MS) {
          // Somebody else had the core. Making up for it would be a burst that nobody asked for.
          this.#skipped += due
          intended += due * spacing
          continue
        }
        const before = this.#sent
        this.#send(socket, Math.min(due, OPEN_BURST), intended, spacing)
        intended += (this.#sent - before) * spacing
      }
      socket = (socket + 1) % sockets.descriptors.length
      this.#receive(socket)
    }
  }

  /** After the last query: takes answers until none is missing, or long enough. */
  #awaitRest(): void {
    const end = performance.now() + LOST_AFTER_MS
    while (performance.now() < end && this.#onTheWay.some((count) => count > 0)) {
      for (let socket = 0; socket < this.#onTheWay.length; socket++) this.#receive(socket)
    }
    for (const count of this.#onTheWay) this.#lost += count
  }

  /** Sends up to `due` queries; `intended` is when the first was to be sent, `spacing` the time between two, in ms. */
  #send(socket: number, due: number, intended: number, spacing: number): void {
    const { libc, outgoing, sockets } = this.#parts
    const count = Math.min(due, BATCH)
    const first = this.#next[socket]!
    for (let i = 0; i < count; i++) this.#queries.renew(outgoing.octets, this.#queryStart(i), (first + i) % IDS)
    outgoing.view.setUint32(outgoing.iovec(0) + IOV_LEN, count * this.#queries.octets, true)
    const isSent = libc.sendmmsg(sockets.descriptors[socket]!, this.#sendHeaders, 1, NO_WAIT) === 1
    const sent = isSent ? count : 0
    const base = socket * IDS
    for (let i = 0; i < sent; i++) this.#sentAt[base + ((first + i) % IDS)] = intended + i * spacing
    this.#next[socket] = (first + sent) % IDS
    this.#onTheWay[socket]! += sent
    this.#sent += sent
  }

  /** Takes up to one batch of answers of one socket. */
  #receive(socket: number): void {
    const { libc, incoming, sockets } = this.#parts
    const received = libc.recvmmsg(sockets.descriptors[socket]!, this.#receiveHeaders, BATCH, NO_WAIT, 0n)
    const now = performance.now()
    if (received <= 0) {
      if (this.#onTheWay[socket]! > 0 && now - this.#heardAt[socket]! > LOST_AFTER_MS) this.#giveUp(socket, now)
      return
    }
    this.#heardAt[socket] = now
    for (let slot = 0; slot < received; slot++) this.#count(socket, slot, now)
    incoming.makeRoom(received)
  }

  #count(socket: number, slot: number, now: number): void {
    const { incoming } = this.#parts
    const { octets, view } = incoming
    const at = incoming.packetStart(slot)
    const length = view.getUint32(incoming.header(slot) + MSG_LEN, true)
    const id = length < 12 ? IDS : (octets[at]! << 8) | octets[at + 1]!
    const query = socket * IDS + id
    const sentAt = id < IDS ? this.#sentAt[query]! : 0
    if (sentAt === 0) {
      this.#unexpected++
      return
    }
    this.#sentAt[query] = 0
    this.#latency.add((now - sentAt) * 1e6)
    this.#onTheWay[socket]!--
    this.#answered++
    this.#rcodes[octets[at + 3]! & 0xf]!++
    this.#records += (octets[at + 6]! << 8) | octets[at + 7]!
  }

  /** Nothing came for too long: what is on its way is lost, and others may be sent. */
  #giveUp(socket: number, now: number): void {
    this.#lost += this.#onTheWay[socket]!
    this.#onTheWay[socket] = 0
    this.#heardAt[socket] = now
    this.#sentAt.fill(0, socket * IDS, (socket + 1) * IDS)
  }
}
