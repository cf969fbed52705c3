import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.fixture.ts'

/** A real redis-server of a test's own, on a free port, that keeps nothing on disk. Ended by its pid. */
export class RedisServer {
  readonly port: number
  readonly #folder: string
  readonly #args: readonly string[]
  #process: ChildProcess | undefined

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port
    this.#folder = folder
    this.#args = args
  }

  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'windrose-redis-')), args)
    await server.restart()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** For a test that does in Redis as it likes; the caller disconnects it. */
  client(): Redis {
    return new Redis(this.url)
  }

  /** Starts it on the same port, with nothing in it. */
  async restart(): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder]
    this.#process = spawn('redis-server', [...own, ...this.#args], { stdio: 'ignore' })
    const failed = new Promise<never>((_, reject) => this.#process!.on('error', reject))
    await Promise.race([this.#answers(), failed])
  }

  /** Sends a signal; resolves at once. */
  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  async kill(): Promise<void> {
    const process = this.#process
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
    const exited = new Promise((resolve) => process.on('exit', resolve))
    process.kill('SIGKILL')
    await exited
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #answers(): Promise<void> {
    const client = new Redis({
      port: this.port,
      lazyConnect: true,
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
    })
    client.on('error', () => undefined)
    const password = this.#args[this.#args.indexOf('--requirepass') + 1]
    if (this.#args.includes('--requirepass') && password !== undefined) client.options.password = password
    await client.connect().catch(() => undefined)
    await client.ping()
    client.disconnect()
  }
}
