import { readAddress } from '@windrose/ip'
import type { Snapshot } from '@windrose/nameserver'
import { errnoCode, ListenError, printListenAddress } from './listen-error.ts'
import { AnsweringThread } from './threads/answering-thread.ts'
import type { SpareThreads } from './threads/spare-threads.ts'
import type { ListenAddress, ListenOutcome, TcpLimits } from './threads/thread-data.ts'
import { threadFile } from './threads/thread-file.ts'
import { className, poolName } from './threads/thread-load.ts'
import { arenaOctets, heldPackets, packetRoom } from './transport/arena.ts'
import { chooseTransport, type Transport, type TransportWish } from './transport/choose-transport.ts'
import type { Libc } from './transport/libc.ts'
import {
  BUFFER_OCTETS,
  kernelDrops,
  openUdpSocket,
  receiveBuffer,
  SocketError,
  type UdpSocket,
} from './transport/udp-socket.ts'
import { WorkerCell } from './transport/worker-cells.ts'

/** What the threads that answer are started with. */
export interface AnsweringOptions {
  readonly listen: readonly ListenAddress[]
  readonly snapshot: Snapshot
  /** UDP workers; node:dgram has one, whatever this says. */
  readonly udpThreads: number
  readonly transport: TransportWish
  readonly tcp: TcpLimits
  readonly onEvent: (event: AnsweringEvent) => void
  /** Threads that have begun to load. */
  readonly spare?: SpareThreads
}

/** What the operator should hear of. */
export interface AnsweringEvent {
  readonly kind: 'thread-replaced' | 'thread-failed' | 'warning'
  readonly thread: string
  readonly message: string
}

/** One thread, for status and metrics. */
export interface ThreadStatus {
  readonly name: string
  /** In the layout of the name server's `Counter`. */
  readonly counters: Float64Array
  readonly restarts: number
  /** Datagrams dropped by the kernel because the thread's receive buffers were full. */
  readonly kernelDrops: number
  /** Responses that could not be sent. */
  readonly sendFailures: number
  /** Moves while the thread lives. */
  readonly heartbeat: number
}

/** How many answers led to a pool; one that leads to several counts for each by its part of the records. */
export interface PoolAnswers {
  readonly service: string
  readonly site: string
  readonly answers: number
}

/** How many queries clients of a class asked of a service whose load is placed. */
export interface ClassQueries {
  readonly service: string
  /** `classKey` of steering. */
  readonly key: string
  readonly queries: number
}

export interface CountedLoad {
  readonly pools: readonly PoolAnswers[]
  readonly classes: readonly ClassQueries[]
}

/** The threads that answer, as one thing. */
export interface Answering {
  /** Hands every thread a new snapshot; queries in hand are answered from the old one. */
  publish(snapshot: Snapshot): void
  /** Whether other threads have much to do: those that answer then gather queries for a fifth of a millisecond. */
  makeWay(isBusy: boolean): void
  readonly addresses: readonly ListenAddress[]
  readonly transport: { readonly name: Transport['name']; readonly reason: string }
  threads(): readonly ThreadStatus[]
  /** What all threads have answered since the start, for every pool of the latest snapshot. */
  load(): CountedLoad
  stop(): Promise<void>
}

/**
 * Opens the sockets and starts the threads. TCP is bound first, without SO_REUSEPORT: a port that another server has is
 * noticed there, though UDP could be shared. Throws a ListenError.
 */
export async function startAnswering(options: AnsweringOptions): Promise<Answering> {
  const transport = await chooseTransport(options.transport)
  const supervised = new Supervised(options)
  try {
    const addresses = await supervised.startAll(transport)
    return supervised.answering(transport, addresses)
  } catch (error) {
    await supervised.stop()
    throw error
  }
}

/** node:dgram does not say which address was asked, so the kernel chooses the one that a reply leaves from. */
function warnOfWildcards(addresses: readonly ListenAddress[], onEvent: AnsweringOptions['onEvent']): void {
  for (const listen of addresses.filter(({ address }) => address === '0.0.0.0' || address === '::')) {
    const message =
      `on ${printListenAddress(listen)} a machine with several addresses may answer from another one than was asked, ` +
      'and clients drop such answers: list its addresses in "listen", since node:dgram moves the packets here'
    onEvent({ kind: 'warning', thread: 'udp', message })
  }
}

/** A thread that died is started again at once, then ever more slowly, so that a fault that stays does not spin. */
const RESTART_DELAY_MAX_MS = 5000
/** A thread that lived this long starts again without delay. */
const RESTART_FORGIVEN_MS = 60_000
const STOP_GRACE_MS = 3000
/** What nobody who waits for an answer notices. */
const REST_US = 200

class Supervised {
  readonly #options: AnsweringOptions
  readonly #threads: AnsweringThread[] = []
  readonly #closers: (() => void)[] = []
  /** The batched workers' sockets. */
  readonly #sockets: UdpSocket[] = []
  /** Asks the kernel what a thread's sockets have dropped. */
  readonly #kernelDrops = new Map<AnsweringThread, () => number>()
  #snapshot: Snapshot
  #stopping = false

  constructor(options: AnsweringOptions) {
    this.#options = options
    this.#snapshot = options.snapshot
  }

  /**
   * Starts the TCP thread, then those for UDP; gives the addresses. All load their code at once, which is what takes long,
   * but no UDP socket is opened before TCP has the port: UDP sockets share it with whoever has it.
   */
  async startAll(transport: Transport): Promise<readonly ListenAddress[]> {
    const { listen, tcp, udpThreads, onEvent, snapshot, spare } = this.#options
    const own = { listen: [...listen], tcp }
    const tcpThread = this.#supervise('tcp', { file: threadFile('tcp'), own })
    const udp =
      transport.name === 'mmsg'
        ? Array.from({ length: udpThreads }, (_, i) => this.#superviseBatched(`udp-${i}`, transport.libc))
        : [this.#superviseDgram()]
    for (const thread of this.#threads) thread.load(spare)
    spare?.end()
    const addresses = await bound('tcp', tcpThread.start(snapshot), own)
    if (transport.name === 'dgram') warnOfWildcards(addresses, onEvent)
    await Promise.all(udp.map((start) => start(addresses)))
    if (transport.name === 'mmsg') this.#warnOfSmallBuffers(transport)
    return addresses
  }

  /** UDP on node:dgram: a thread that opens its own sockets. */
  #superviseDgram(): UdpStart {
    const own: { listen: ListenAddress[]; tcp: TcpLimits } = { listen: [], tcp: this.#options.tcp }
    const thread = this.#supervise('udp-0', { file: threadFile('dgram'), own })
    return async (listen) => {
      own.listen = [...listen]
      await bound('udp', thread.start(this.#snapshot), own)
    }
  }

  /** A batched worker, with a socket for every address; the sockets stay when the worker goes. */
  #superviseBatched(name: string, libc: Libc): UdpStart {
    const room = packetRoom(this.#snapshot.settings.udpPayload)
    const own: BatchedOwn = { sockets: [], arena: new SharedArrayBuffer(arenaOctets(room)), room }
    const thread = this.#supervise(name, { file: threadFile('mmsg'), own, held: own })
    this.#kernelDrops.set(thread, () => own.sockets.reduce((sum, socket) => sum + kernelDrops(libc, socket), 0))
    return async (listen) => {
      for (const address of listen) {
        const socket = openSocket(libc, address)
        own.sockets.push(socket)
        this.#sockets.push(socket)
        this.#closers.push(() => libc.close(socket.fd))
      }
      await thread.start(this.#snapshot)
    }
  }

  answering(transport: Transport, addresses: readonly ListenAddress[]): Answering {
    return {
      addresses,
      transport: { name: transport.name, reason: transport.reason },
      publish: (snapshot) => {
        this.#snapshot = snapshot
        for (const thread of this.#threads) thread.publish(snapshot)
      },
      makeWay: (isBusy) => {
        for (const { cells } of this.#threads) cells[WorkerCell.restUs] = isBusy ? REST_US : 0
      },
      threads: () => this.#threads.map((thread) => statusOf(thread, this.#kernelDrops.get(thread)?.() ?? 0)),
      load: () => this.#readLoad(),
      stop: () => this.stop(),
    }
  }

  #readLoad(): CountedLoad {
    const loads = this.#threads.map((thread) => thread.readLoad())
    const sumOf = (name: string): number => loads.reduce((sum, load) => sum + (load.get(name) ?? 0), 0)
    const { services, placements } = this.#snapshot
    return {
      pools: services.flatMap(({ name: service, pools }) =>
        pools.map(({ siteName: site }) => ({ service, site, answers: sumOf(poolName(service, site)) })),
      ),
      classes: services.flatMap(({ name: service, index }) => {
        const keys = placements[index]?.keys ?? []
        return keys.map((key) => ({ service, key, queries: sumOf(className(service, key)) }))
      }),
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#threads.map((thread) => thread.stop(STOP_GRACE_MS)))
    for (const close of this.#closers) close()
  }

  #supervise(name: string, parts: { file: URL; own: object; held?: HeldMemory }): AnsweringThread {
    let startedAt = performance.now()
    let delayMs = 0
    const died = (message: string): void => {
      if (this.#stopping) return
      this.#options.onEvent({ kind: 'thread-failed', thread: name, message: message + heldBatch(thread, parts.held) })
      if (performance.now() - startedAt > RESTART_FORGIVEN_MS) delayMs = 0
      setTimeout(() => {
        if (this.#stopping) return
        startedAt = performance.now()
        thread.restarts++
        thread.start(this.#snapshot).then(
          (outcome) => {
            // Somebody took the port meanwhile: the next try may find it free.
            if (outcome?.kind === 'refused') thread.abandon()
            else this.#options.onEvent({ kind: 'thread-replaced', thread: name, message: 'it answers again' })
          },
          // A start that fails is a death too, and is heard of as one.
          () => undefined,
        )
      }, delayMs)
      delayMs = Math.min(RESTART_DELAY_MAX_MS, Math.max(100, delayMs * 2))
    }
    const thread = new AnsweringThread({ name, file: parts.file, own: parts.own, events: { died } })
    this.#threads.push(thread)
    return thread
  }

  #warnOfSmallBuffers(transport: Extract<Transport, { name: 'mmsg' }>): void {
    const [socket] = this.#sockets
    if (socket === undefined) return
    const octets = receiveBuffer(transport.libc, socket)
    if (octets >= BUFFER_OCTETS) return
    const message =
      `the kernel gives UDP sockets a receive buffer of ${octets >> 10} KiB where ${BUFFER_OCTETS >> 10} KiB were asked ` +
      `for: bursts may be dropped. Raise it with "sysctl -w net.core.rmem_max=${BUFFER_OCTETS}"`
    this.#options.onEvent({ kind: 'warning', thread: 'udp', message })
  }
}

/** Starts a UDP thread on the addresses that TCP is bound to. */
type UdpStart = (listen: readonly ListenAddress[]) => Promise<void>

/** What a batched worker is given, and what is looked at when it dies. */
interface BatchedOwn extends HeldMemory {
  readonly sockets: UdpSocket[]
}

/** The addresses that a listening thread is bound to. Started again, it must get the very ports that it had. */
async function bound(
  protocol: 'tcp' | 'udp',
  start: Promise<ListenOutcome | undefined>,
  own: { listen: ListenAddress[] },
): Promise<readonly ListenAddress[]> {
  const outcome = await start
  if (outcome?.kind === 'refused') throw new ListenError(protocol, outcome.address, outcome.code)
  if (outcome !== undefined) own.listen = [...outcome.addresses]
  return own.listen
}

function openSocket(libc: Libc, listen: ListenAddress): UdpSocket {
  const address = readAddress(listen.address)
  if (address === undefined) throw new ListenError('udp', listen, 'EINVAL')
  try {
    return openUdpSocket(libc, address, listen.port)
  } catch (error) {
    if (error instanceof SocketError) throw new ListenError('udp', listen, errnoCode(error.errno))
    throw error
  }
}

/** Where a worker's batch lies. */
interface HeldMemory {
  readonly arena: SharedArrayBuffer
  readonly room: number
}

/** What a worker was answering when it died, and the packets of the batch that were still to come. */
function heldBatch({ cells }: AnsweringThread, held: HeldMemory | undefined): string {
  const end = held === undefined ? 0 : cells[WorkerCell.held]!
  if (held === undefined || end === 0) return ''
  cells[WorkerCell.held] = 0
  const packets = heldPackets(held.arena, held.room, cells[WorkerCell.atHand]!, end)
  const [first, ...rest] = packets.map((packet) => Buffer.from(packet).toString('hex'))
  return `; it held ${end} packets and was answering ${first}, before ${rest.join(' ') || 'no other'}`
}

function statusOf(thread: AnsweringThread, drops: number): ThreadStatus {
  const { name, counters, restarts, cells } = thread
  return {
    name,
    counters,
    restarts,
    kernelDrops: drops,
    sendFailures: cells[WorkerCell.sendFailures]!,
    heartbeat: cells[WorkerCell.heartbeat]!,
  }
}
