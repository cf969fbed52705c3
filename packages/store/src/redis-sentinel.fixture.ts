import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.fixture.ts'
import type { RedisServer } from './redis-server.fixture.ts'

/** For a primary of a test: else a replica waits five seconds for others before it is given anything. */
export const PRIMARY_ARGS: readonly string[] = ['--repl-diskless-sync-delay', '0']

export interface SentinelUser {
  readonly username?: string
  readonly password?: string
}

export interface SentinelOptions {
  /** Lines of its configuration that say who may speak to it, and how. */
  readonly access?: readonly string[]
  /** One who may. */
  readonly user?: SentinelUser
  /** The primary has no replica. */
  readonly isAlone?: boolean
}

/** A real Sentinel, alone its own quorum, that gives a primary one second. Ended by its pid. */
export class RedisSentinel {
  readonly port: number
  readonly master = 'mymaster'
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #client: Redis

  private constructor(port: number, folder: string, file: string, user: SentinelUser) {
    this.port = port
    this.#folder = folder
    this.#process = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
    this.#client = new Redis({ port, ...user, retryStrategy: () => 50, maxRetriesPerRequest: null })
    this.#client.on('error', () => undefined)
  }

  /** Starts one over a primary that has a replica; resolves when it knows of both. */
  static async start(primary: RedisServer, options: SentinelOptions = {}): Promise<RedisSentinel> {
    const { access = [], user = {}, isAlone = false } = options
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'windrose-sentinel-'))]
    const file = join(folder, 'sentinel.conf')
    writeFileSync(
      file,
      `port ${port}
bind 127.0.0.1
dir ${folder}
sentinel monitor mymaster 127.0.0.1 ${primary.port} 1
sentinel down-after-milliseconds mymaster 1000
sentinel failover-timeout mymaster 3000
${access.join('\n')}
`,
    )
    const sentinel = new RedisSentinel(port, folder, file, user)
    if (isAlone) {
      await sentinel.#client.ping()
      return sentinel
    }
    for (let i = 0; i < 150; i++) {
      if (await sentinel.#knowsReplica()) return sentinel
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await sentinel.stop()
    throw new Error('the sentinel never learned of a replica')
  }

  /** Of the Redis that it names as the primary. */
  async primaryPort(): Promise<number> {
    const [, port] = (await this.#client.call('SENTINEL', 'get-master-addr-by-name', this.master)) as string[]
    return Number(port)
  }

  async stop(): Promise<void> {
    this.#client.disconnect()
    const exited = new Promise((resolve) => this.#process.on('exit', resolve))
    this.#process.kill('SIGKILL')
    await exited
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** It learns of the replica from the primary. */
  async #knowsReplica(): Promise<boolean> {
    const replicas = (await this.#client.call('SENTINEL', 'replicas', this.master)) as string[][]
    return replicas.some((fields) => fields[fields.indexOf('master-link-status') + 1] === 'ok')
  }
}
