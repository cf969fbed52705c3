import { type Gdnsd, startGdnsd } from '../support/gdnsd.ts'
import { UdpClient } from '../support/udp-client.ts'
import { DIFFERENCES, type Difference, MAPS_ALIKE } from './differences.ts'
import { gdnsdFiles } from './gdnsd-world.ts'
import { type Answer, askAll, type Compared, isSameAnswer, type Probe } from './probe.ts'

/** Answers that differ from those of gdnsd, explained by what windrose means to do in another way. */
export interface Explained {
  /** How many answers each intended difference has made, by itself or together with those before it. */
  readonly counts: ReadonlyMap<Difference, number>
  readonly unexplained: readonly Compared[]
}

/** Several gdnsds for the same world: the n-th has the first n intended differences written into its configuration. */
export class AlteredGdnsds {
  readonly #gdnsds: readonly Gdnsd[]
  readonly #clients: readonly UdpClient[]

  private constructor(gdnsds: readonly Gdnsd[]) {
    this.#gdnsds = gdnsds
    this.#clients = gdnsds.map(({ port }) => new UdpClient('127.0.0.1', port))
  }

  static async start(): Promise<AlteredGdnsds> {
    const starting = DIFFERENCES.map((_, i) =>
      startGdnsd(gdnsdFiles(DIFFERENCES.slice(0, i + 1)), 'geo-0-4.example.com'),
    )
    return new AlteredGdnsds(await Promise.all(starting))
  }

  /**
   * The gdnsd with one intended difference is asked, then the one with two, and so on: the first that answers as windrose
   * did shows which difference it was.
   */
  async explain(different: readonly Compared[]): Promise<Explained> {
    const counts = new Map<Difference, number>()
    let unexplained = different
    for (const [i, difference] of DIFFERENCES.entries()) {
      const answers = await this.#ask(
        i + 1,
        unexplained.map(({ probe }) => probe),
      )
      const still = unexplained.filter(({ our }, j) => !isSameAnswer(our, answers[j]!))
      counts.set(difference, unexplained.length - still.length)
      unexplained = still
    }
    return { counts, unexplained }
  }

  /**
   * The scopes of a gdnsd whose maps are those of windrose.
   *
   * Where a service in a service failed, gdnsd says of the backup that it is for everybody, though it is for those for whom
   * that service failed. So the inner service is asked.
   */
  async scopes(probes: readonly Probe[]): Promise<(number | undefined)[]> {
    const inner = probes.map((probe): Probe => (probe.service === 'nest' ? { ...probe, service: 'geo' } : probe))
    return (await this.#ask(MAPS_ALIKE, inner)).map(({ scope }) => scope)
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close()
    await Promise.all(this.#gdnsds.map((gdnsd) => gdnsd.stop()))
  }

  #ask(applied: number, probes: readonly Probe[]): Promise<Answer[]> {
    return askAll(this.#clients[applied - 1]!, probes, ({ service, state, family }) => `${service}-${state}-${family}`)
  }
}
