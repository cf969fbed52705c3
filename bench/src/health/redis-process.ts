import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisAccess } from '@windrose/store'
import { Redis } from 'ioredis'

/** A redis-server of the benchmark's own, on a free port, that keeps nothing on disk. */
export class RedisProcess {
  readonly port: number
  /** For figures. */
  readonly admin: Redis
  readonly #process: ChildProcess
  readonly #folder: string

  private constructor(port: number, process: ChildProcess, folder: string) {
    this.port = port
    this.#process = process
    this.#folder = folder
    this.admin = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null })
    this.admin.on('error', () => undefined)
  }

  static async start(): Promise<RedisProcess> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'windrose-bench-redis-'))
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
    const redis = new RedisProcess(port, spawn('redis-server', args, { stdio: 'ignore' }), folder)
    await redis.admin.ping()
    return redis
  }

  access(namespace: string): RedisAccess {
    return { at: { kind: 'url', url: `redis://127.0.0.1:${this.port}` }, prefix: 'windrose', namespace }
  }

  /** A figure of INFO. */
  async info(name: string): Promise<number> {
    const text = await this.admin.info()
    return Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1])
  }

  async stop(): Promise<void> {
    this.admin.disconnect()
    const exited = new Promise((resolve) => this.#process.on('exit', resolve))
    this.#process.kill()
    await exited
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
