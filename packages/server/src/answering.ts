import { readAddress } from '@windrose/ip'
import type { Snapshot } from '@windrose/nameserver'
import { errnoCode, ListenError, printListenAddress } from './listen-error.ts'
import { AnsweringThread } from './threads/answering-thread.ts'
import type { ListenAddress, TcpLimits } from './threads/thread-data.ts'
import { threadFile } from './threads/thread-file.ts'
import { arenaOctets, heldPackets, packetRoom } from './transport/arena.ts'
import { chooseTransport, type Transport, type TransportWish } from './transport/choose-transport.ts'
import { BUFFER_OCTETS, kernelDrops, openUdpSocket, receiveBuffer, SocketError, type UdpSocket } from './transport/udp-socket.ts'
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

/** The threads that answer, as one thing. */
export interface Answering {
  /** Hands every thread a new snapshot; queries in hand are answered from the old one. */
  publish(snapshot: Snapshot): void
  readonly addresses: readonly ListenAddress[]
  readonly transport: { readonly name: Transport['name']; readonly reason: string }
  threads(): readonly ThreadStatus[]
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
    const addresses = await supervised.startListening('tcp', options.listen)
    if (transport.name === 'dgram') {
      warnOfWildcards(addresses, options.onEvent)
      await supervised.startListening('dgram', addresses)
    } else await supervised.startBatched(transport, addresses)
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

class Supervised {
  readonly #options: AnsweringOptions
  readonly #threads: AnsweringThread[] = []
  readonly #closers: (() => void)[] = []
  /** Asks the kernel what a thread's sockets have dropped. */
  readonly #kernelDrops = new Map<AnsweringThread, () => number>()
  #snapshot: Snapshot
  #stopping = false

  constructor(options: AnsweringOptions) {
    this.#options = options
    this.#snapshot = options.snapshot
  }

  /** A thread that opens its own sockets; gives the addresses that it is bound to. */
  async startListening(kind: 'tcp' | 'dgram', listen: readonly ListenAddress[]): Promise<readonly ListenAddress[]> {
    const own = { listen: [...listen], tcp: this.#options.tcp }
    const thread = this.#supervise(kind === 'tcp' ? 'tcp' : 'udp-0', { file: threadFile(kind), own })
    const outcome = await thread.start(this.#snapshot)
    if (outcome?.kind === 'refused') {
      throw new ListenError(kind === 'tcp' ? 'tcp' : 'udp', outcome.address, outcome.code)
    }
    // Started again, it must get the very ports that it had.
    if (outcome !== undefined) own.listen = [...outcome.addresses]
    return outcome?.addresses ?? listen
  }

  /** The batched workers, each with a socket for every address; the sockets stay when a worker goes. */
  async startBatched(transport: Extract<Transport, { name: 'mmsg' }>, listen: readonly ListenAddress[]): Promise<void> {
    const { libc } = transport
    const room = packetRoom(this.#snapshot.settings.udpPayload)
    const plans = Array.from({ length: this.#options.udpThreads }, (_, i) => {
      const sockets = listen.map((address) => {
        const socket = openSocket(transport, address)
        this.#closers.push(() => libc.close(socket.fd))
        return socket
      })
      return { name: `udp-${i}`, sockets, arena: new SharedArrayBuffer(arenaOctets(room)), room }
    })
    this.#warnOfSmallBuffers(transport, plans[0]?.sockets[0])
    for (const { name, ...own } of plans) {
      const thread = this.#supervise(name, { file: threadFile('mmsg'), own, held: own })
      this.#kernelDrops.set(thread, () => own.sockets.reduce((sum, socket) => sum + kernelDrops(libc, socket), 0))
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
      threads: () => this.#threads.map((thread) => statusOf(thread, this.#kernelDrops.get(thread)?.() ?? 0)),
      stop: () => this.stop(),
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

  #warnOfSmallBuffers(transport: Extract<Transport, { name: 'mmsg' }>, socket: UdpSocket | undefined): void {
    if (socket === undefined) return
    const octets = receiveBuffer(transport.libc, socket)
    if (octets >= BUFFER_OCTETS) return
    const message =
      `the kernel gives UDP sockets a receive buffer of ${octets >> 10} KiB where ${BUFFER_OCTETS >> 10} KiB were asked ` +
      `for: bursts may be dropped. Raise it with "sysctl -w net.core.rmem_max=${BUFFER_OCTETS}"`
    this.#options.onEvent({ kind: 'warning', thread: 'udp', message })
  }
}

function openSocket(transport: Extract<Transport, { name: 'mmsg' }>, listen: ListenAddress): UdpSocket {
  const address = readAddress(listen.address)
  if (address === undefined) throw new ListenError('udp', listen, 'EINVAL')
  try {
    return openUdpSocket(transport.libc, address, listen.port)
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
