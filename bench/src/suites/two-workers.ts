import { alternate } from '../measure/sample.ts'
import { median } from '../measure/statistics.ts'
import { gdnsd } from '../peers/gdnsd.ts'
import { windrose } from '../peers/windrose.ts'
import { WORLD } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { checkAnswers, closedLoop } from './closed-loop.ts'
import { STEERED } from './workloads.ts'

/** Two workers share one core here: what counts is that both answer, evenly, and what a query costs them together. */
export const twoWorkers: Suite = (bench) => {
  const wanted = [windrose, gdnsd].map((peer) => ({ peer, world: { ...WORLD, udpThreads: 2 } }))
  return withPeers(bench, wanted, async (servers) => {
    bench.say('two workers')
    const load = { ...closedLoop(bench, STEERED, WORLD), sockets: 64 }
    const contenders = servers.map((server) => ({ server, load }))
    const samples = await alternate(bench.generator, contenders, bench.rounds)
    const rows = servers.map(({ peer }, i) => {
      const own = samples[i]!
      checkAnswers(peer.name, STEERED, own)
      const shares = own.map(({ byThread, answering }) => byThread.map((us) => us / answering))
      const busiest = [0, 1].map((rank) => median(shares.map((of) => [...of].sort((a, b) => b - a)[rank] ?? 0)))
      return [
        peer.name,
        median(own.map(({ answering }) => answering)).toFixed(2),
        Math.round(median(own.map(({ queriesPerSecond }) => queriesPerSecond))).toLocaleString('en'),
        busiest.map((share) => `${(share * 100).toFixed(0)} %`).join(', '),
        String(own.reduce((sum, { result }) => sum + result.lost, 0)),
      ]
    })
    return {
      title: 'Two workers',
      text: `${STEERED.name} from 64 ports, both workers on the one core that servers have here. \`shares\` is each worker's part of the CPU time.`,
      columns: ['server', 'both, us a query', 'queries/s', 'shares', 'lost'],
      rows,
      goals: [],
    }
  })
}
