import { alternate, type Sample } from '../measure/sample.ts'
import { median, medianInterval, ratios } from '../measure/statistics.ts'
import { residentMegabytes } from '../measure/threads.ts'
import { echo } from '../peers/echo.ts'
import { gdnsd } from '../peers/gdnsd.ts'
import { knot } from '../peers/knot.ts'
import type { Peer, RunningPeer } from '../peers/peer.ts'
import { powerdns } from '../peers/powerdns.ts'
import { windrose } from '../peers/windrose.ts'
import type { Goal } from '../report/section.ts'
import { WORLD } from '../world/world.ts'
import type { Suite } from './bench.ts'
import { withPeers } from './bench.ts'
import { checkAnswers, closedLoop } from './closed-loop.ts'
import { CONSISTENT, STEERED, WORKLOADS, type Workload } from './workloads.ts'

const PEERS = [windrose, gdnsd, echo, knot, powerdns]

/** What a query costs each server, on every kind of work. */
export const costPerQuery: Suite = (bench) => {
  const wanted = PEERS.map((peer) => ({
    peer,
    world: { ...WORLD, names: Math.min(WORLD.names, peer.names ?? WORLD.names) },
  }))
  return withPeers(bench, wanted, async (servers) => {
    const rows: string[][] = []
    const goals: Goal[] = []
    for (const workload of WORKLOADS) {
      bench.say(`cost per query: ${workload.name}`)
      const taking = servers.filter(({ peer }) => takesPart(peer, workload))
      const contenders = taking.map((server) => {
        const names = Math.min(WORLD.names, server.peer.names ?? WORLD.names)
        return { server, load: closedLoop(bench, workload, { names }) }
      })
      const samples = await alternate(bench.generator, contenders, bench.rounds)
      rows.push(...rowsOf(workload, taking, samples))
      goals.push(...goalsOf(workload, taking, samples))
    }
    return {
      title: 'CPU per query',
      text: `${WORLD.names.toLocaleString('en')} names of each kind (Knot ${knot.names}), ${WORLD.sites} sites, one worker, both default
listeners. \`answering\` is the CPU time of the threads that answer over UDP, in microseconds a query, \`rest\` that of all
other threads of the process. For Knot and PowerDNS \`answering\` is the whole process. Ratios are windrose's \`answering\` by
the other's in the same round: the median, and the interval that holds it with 95 % confidence. \`echo\` is the floor:
windrose's transport, with nothing behind it.`,
      columns: [
        'work',
        'server',
        'answering us',
        'rest us',
        'queries/s',
        'windrose / it',
        '95 %',
        'p50 us',
        'p99 us',
        'p99.9 us',
        'lost',
        'peak MB',
      ],
      rows,
      goals,
    }
  })
}

function takesPart(peer: Peer, { name }: Workload): boolean {
  if (name === CONSISTENT) return peer === windrose || peer === echo
  return peer.workloads?.includes(name) ?? true
}

function rowsOf(workload: Workload, servers: readonly RunningPeer[], samples: readonly Sample[][]): string[][] {
  return servers.map(({ peer, pid }, i) => {
    const own = samples[i]!
    if (peer !== echo) checkAnswers(peer.name, workload, own)
    const shares = ratios(
      samples[0]!.map(({ answering }) => answering),
      own.map(({ answering }) => answering),
    )
    const [low, high] = medianInterval(shares)
    const of = (pick: (sample: Sample) => number): number => median(own.map(pick))
    const micros = (pick: (sample: Sample) => number): string => (of(pick) / 1000).toFixed(0)
    return [
      i === 0 ? workload.name : '',
      peer.name,
      of(({ answering }) => answering).toFixed(2),
      of(({ rest }) => rest).toFixed(2),
      Math.round(of(({ queriesPerSecond }) => queriesPerSecond)).toLocaleString('en'),
      i === 0 ? '' : median(shares).toFixed(2),
      i === 0 ? '' : `${low.toFixed(2)}–${high.toFixed(2)}`,
      micros(({ result }) => result.latency.p50),
      micros(({ result }) => result.latency.p99),
      micros(({ result }) => result.latency.p999),
      String(own.reduce((sum, { result }) => sum + result.lost, 0)),
      residentMegabytes(pid).peak.toFixed(0),
    ]
  })
}

/** What the project has set out to reach beside gdnsd, and beside the floor. */
function goalsOf(workload: Workload, servers: readonly RunningPeer[], samples: readonly Sample[][]): Goal[] {
  const against = (name: string): number => {
    const other = samples[servers.findIndex(({ peer }) => peer.name === name)]!
    return median(
      ratios(
        samples[0]!.map(({ answering }) => answering),
        other.map(({ answering }) => answering),
      ),
    )
  }
  if (workload.name === CONSISTENT) return []
  const most = workload.name === 'NXDOMAIN' ? 1.15 : 1
  const goals = [{ what: `CPU per query, ${workload.name}, windrose / gdnsd`, value: against('gdnsd'), most, unit: '' }]
  if (workload === STEERED) {
    goals.push({
      what: `CPU per query, ${workload.name}, windrose / echo`,
      value: against('echo'),
      most: 1.12,
      unit: '',
    })
  }
  return goals
}
