import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './redis-server.fixture.ts'

export interface SentinelUser {
  readonly username?: string
  readonly password?: string
}

/** A real Sentinel of a test's own that watches a primary, which it calls `mymaster`. Ended by its pid. */
export class RedisSentinel {
  readonly port: number
  readonly #folder: string
  readonly #process: ChildProcess

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port
    this.#folder = folder
    this.#process = process
  }

  /** `access`: lines of its configuration that say who may speak to it, and how; `user` is one who may. */
  static async start(primary: number, access: readonly string[] = [], user: SentinelUser = {}): Promise<RedisSentinel> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'windrose-sentinel-'))
    const file = join(folder, 'sentinel.conf')
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor mymaster 127.0.0.1 ${primary} 1`,
      'sentinel down-after-milliseconds mymaster 1000',
      'sentinel failover-timeout mymaster 3000',
      ...access,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const sentinel = new RedisSentinel(port, folder, spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' }))
    const client = new Redis({ port, ...user, retryStrategy: () => 50, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    await client.ping()
    client.disconnect()
    return sentinel
  }

  stop(): void {
    this.#process.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
