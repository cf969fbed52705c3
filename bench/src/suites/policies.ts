import { Rtype } from '@windrose/dns'
import { alternate } from '../measure/sample.ts'
import { median, medianInterval, ratios } from '../measure/statistics.ts'
import { gdnsd } from '../peers/gdnsd.ts'
import { windrosePolicies } from '../peers/windrose-policies.ts'
import type { Goal } from '../report/section.ts'
import { type MeasuredPolicy, POLICIES } from '../world/policies.ts'
import { WORLD, ZONE } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { checkAnswers, closedLoop } from './closed-loop.ts'
import { STEERED, type Workload } from './workloads.ts'

/** What a query costs under every policy, beside gdnsd's one that is steered by distance. */
export const policies: Suite = (bench) => {
  const wanted = [windrosePolicies, gdnsd].map((peer) => ({ peer, world: WORLD }))
  return withPeers(bench, wanted, async ([ours, theirs]) => {
    const rows: string[][] = []
    const goals: Goal[] = []
    for (const policy of POLICIES) {
      bench.say(`policies: ${policy.title}`)
      const workload = workloadOf(policy)
      const [own, other] = await alternate(
        bench.generator,
        [
          { server: ours!, load: closedLoop(bench, workload, WORLD) },
          { server: theirs!, load: closedLoop(bench, STEERED, WORLD) },
        ],
        bench.rounds,
      )
      checkAnswers(`windrose, ${policy.title}`, workload, own!)
      checkAnswers('gdnsd', STEERED, other!)
      const shares = ratios(
        own!.map(({ answering }) => answering),
        other!.map(({ answering }) => answering),
      )
      const [low, high] = medianInterval(shares)
      const value = median(shares)
      rows.push([
        policy.title,
        String(policy.records),
        median(own!.map(({ answering }) => answering)).toFixed(2),
        median(other!.map(({ answering }) => answering)).toFixed(2),
        value.toFixed(2),
        `${low.toFixed(2)}–${high.toFixed(2)}`,
        (median(own!.map(({ result }) => result.latency.p999)) / 1000).toFixed(0),
      ])
      goals.push({ what: `CPU per query, ${policy.title}, windrose / gdnsd by distance`, value, most: 1, unit: '' })
    }
    return {
      title: 'Policies',
      text: `${WORLD.names.toLocaleString('en')} names under each policy, A with a random IPv4 subnet, ${WORLD.sites} sites, one worker.
\`us\` is the CPU time of the threads that answer over UDP, in microseconds a query. Beside every policy of windrose is what gdnsd
spends on names that it steers by distance, two records each, in the same rounds: it has nothing like most of the others.
More records make a longer answer, and the kernel copies it.`,
      columns: ['policy', 'records', 'windrose us', 'gdnsd us', 'windrose / it', '95 %', 'p99.9 us'],
      rows,
      goals,
    }
  })
}

function workloadOf({ title, owner, records }: MeasuredPolicy): Workload {
  return {
    name: title,
    queries: ({ names }) => ({ owner, names, zone: ZONE, qtype: Rtype.A, subnet: 'ipv4' }),
    records,
    rcode: 0,
  }
}
