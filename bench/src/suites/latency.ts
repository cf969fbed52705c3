import { alternate, type Contender, takeSample } from '../measure/sample.ts'
import { median, medianInterval, ratios } from '../measure/statistics.ts'
import { gdnsd } from '../peers/gdnsd.ts'
import { windrose } from '../peers/windrose.ts'
import { WORLD } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { checkAnswers, closedLoop } from './closed-loop.ts'
import { STEERED } from './workloads.ts'

/** How much longer a slice is here: one in a thousand queries has to be many. */
const LONGER = 4
/** Longest time that the generator may be behind its own pace in a slice that counts. */
const BEHIND_MAX_NS = 1e6

/** How long answers take at half of what the slower of the two can do, whatever comes back. */
export const latency: Suite = (bench) => {
  const wanted = [windrose, gdnsd].map((peer) => ({ peer, world: WORLD }))
  return withPeers(bench, wanted, async (servers) => {
    bench.say('latency: finding the peak')
    const peaks: number[] = []
    for (const server of servers) {
      const sample = await takeSample(bench.generator, server, { ...closedLoop(bench, STEERED, WORLD), seed: 0 })
      peaks.push(sample.queriesPerSecond)
    }
    const queriesPerSecond = Math.floor(Math.min(...peaks) / 2 / 1000) * 1000
    bench.say(`latency: ${queriesPerSecond} queries/s`)
    const contenders: Contender[] = servers.map((server) => ({
      server,
      load: {
        queries: STEERED.queries(WORLD),
        sockets: 4,
        durationMs: bench.sliceMs * LONGER,
        pace: { kind: 'open', queriesPerSecond },
      },
    }))
    const all = await alternate(bench.generator, contenders, bench.rounds)
    const isCalm = (round: number): boolean => all.every((own) => own[round]!.result.behind < BEHIND_MAX_NS)
    const calm = all[0]!.map((_, round) => round).filter(isCalm)
    const rounds = calm.length >= 3 ? calm : all[0]!.map((_, round) => round)
    const samples = all.map((own) => rounds.map((round) => own[round]!))
    const tails = samples.map((own) => own.map(({ result }) => result.latency.p999))
    const rows = servers.map(({ peer }, i) => {
      const own = samples[i]!
      checkAnswers(peer.name, STEERED, own)
      const micros = (pick: 'p50' | 'p99' | 'p999' | 'max'): string =>
        (median(own.map(({ result }) => result.latency[pick])) / 1000).toFixed(0)
      const shares = ratios(tails[0]!, tails[i]!)
      const [low, high] = medianInterval(shares)
      return [
        peer.name,
        micros('p50'),
        micros('p99'),
        micros('p999'),
        micros('max'),
        i === 0 ? '' : median(shares).toFixed(2),
        i === 0 ? '' : `${low.toFixed(2)}–${high.toFixed(2)}`,
        median(own.map(({ answering }) => answering)).toFixed(2),
        String(own.reduce((sum, { result }) => sum + result.lost, 0)),
      ]
    })
    return {
      title: 'Latency at half the peak',
      text: `${STEERED.name}, ${queriesPerSecond.toLocaleString('en')} queries a second, sent at even spaces whatever comes back. A query's time
counts from when it was to be sent. Of ${bench.rounds} rounds ${rounds.length} count: those in which the generator itself was never more than
${BEHIND_MAX_NS / 1e6} ms behind.`,
      columns: [
        'server',
        'p50 us',
        'p99 us',
        'p99.9 us',
        'longest us',
        'p99.9: windrose / it',
        '95 %',
        'answering us',
        'lost',
      ],
      rows,
      goals: [
        {
          what: 'p99.9 latency at half the peak, windrose / gdnsd',
          value: median(ratios(tails[0]!, tails[1]!)),
          most: 1.5,
          unit: '',
        },
      ],
    }
  })
}
