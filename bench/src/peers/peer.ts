import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { setTimeout as pause } from 'node:timers/promises'
import { composeMessage, queryMessage, Rtype, readName } from '@windrose/dns'
import type { Target } from '../load/connected-sockets.ts'
import { numberedLabel } from '../load/query-set.ts'
import { type World, ZONE } from '../world/world.ts'

/** A server that can be measured. */
export interface Peer {
  readonly name: string
  /** The program and the Debian package that it comes from; undefined for what this repository builds. */
  readonly from?: { readonly program: string; readonly package: string }
  /** Names that it is given of each kind, where it cannot have as many as the others. */
  readonly names?: number
  /** The workloads that it can take part in; all of them unless said. */
  readonly workloads?: readonly string[]
  /** Writes what the server reads into `folder`, and says how it is started. */
  readonly prepare: (world: World, place: PeerPlace) => Command
  /** What shows that it answers; by default addresses of a steered name. */
  readonly isRight?: (answer: Uint8Array) => boolean
  /** Whether a thread of this name answers queries over UDP. */
  readonly answers: (thread: string) => boolean
}

export interface PeerPlace {
  readonly folder: string
  readonly port: number
  /** The country database in the schema of MaxMind. */
  readonly database: string
}

export interface Command {
  readonly program: string
  readonly args: readonly string[]
}

/** A server that runs, pinned to one processor core. */
export interface RunningPeer {
  readonly peer: Peer
  readonly pid: number
  readonly target: Target
  stop(): Promise<void>
}

/** Starts a server on a core of its own. Resolves when it answers; throws, with what it said, when it does not. */
export async function startPeer(peer: Peer, world: World, place: PeerPlace, cores: string): Promise<RunningPeer> {
  const { program, args } = peer.prepare(world, place)
  const child = spawn('taskset', ['-c', cores, program, ...args], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  })
  let said = ''
  const listen = (octets: Buffer): void => {
    said = (said + octets.toString()).slice(-SAID_MAX)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const target = { address: '127.0.0.1', port: place.port }
  try {
    await untilAnswering(child, target, peer.isRight)
  } catch (error) {
    await endProcess(child)
    throw new Error(`${peer.name} does not answer: ${(error as Error).message}\n${said}`)
  }
  return { peer, pid: child.pid!, target, stop: () => endProcess(child) }
}

const SAID_MAX = 4000
const START_MS = 60_000
const STOP_MS = 10_000
const ASK_AGAIN_MS = 5
const ANSWER_MS = 50

/** Asks a process to end, and ends it where it does not. */
export function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    child.once('exit', () => {
      clearTimeout(late)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/**
 * Asks for a steered name, for a client in London, until it is answered with addresses. Throws when there is nothing for a
 * minute, or the process ends. `isRight` says otherwise what an answer is.
 */
export async function untilAnswering(
  child: ChildProcess,
  target: Target,
  isRight: (answer: Uint8Array) => boolean = hasAddresses,
): Promise<void> {
  const end = performance.now() + START_MS
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    if (await isAnswering(target, isRight)) return
    await pause(ASK_AGAIN_MS)
  }
  throw new Error(`nothing within ${START_MS / 1000} s`)
}

/** NOERROR, and records in the answer section. */
function hasAddresses(answer: Uint8Array): boolean {
  return (answer[3]! & 0xf) === 0 && answer[7]! > 0
}

const PROBE: Uint8Array = composeMessage(
  queryMessage({
    qname: nameOf(`${numberedLabel('g#', 0)}.${ZONE}`),
    qtype: Rtype.A,
    id: 1,
    client: { address: Uint8Array.of(81, 2, 69, 0), length: 24 },
  }),
)

function nameOf(text: string): Uint8Array {
  const name = readName(`${text}.`)
  if ('problem' in name) throw new Error(name.problem)
  return name
}

function isAnswering(target: Target, isRight: (answer: Uint8Array) => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const done = (answered: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answered)
    }
    const timer = setTimeout(() => done(false), ANSWER_MS)
    socket.on('error', () => undefined)
    socket.once('message', (answer) => done(isRight(answer)))
    socket.send(PROBE, target.port, target.address)
  })
}
