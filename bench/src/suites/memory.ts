import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { takeSample } from '../measure/sample.ts'
import { residentMegabytes } from '../measure/threads.ts'
import type { Peer } from '../peers/peer.ts'
import { serveCommand, windrose } from '../peers/windrose.ts'
import { listenAddresses, sitesOf, TTL_S, WORLD, type World, ZONE } from '../world/world.ts'
import { zoneFile } from '../world/zone-file.ts'
import { type Suite, withPeers } from './bench.ts'
import { closedLoop } from './closed-loop.ts'
import { STEERED } from './workloads.ts'

const MAPS = 10
const SETTLE_MS = 2000

/** Ten services, each at all sites but another one: each needs a client map of its own. */
const tenMaps: Peer = {
  ...windrose,
  prepare: (world, place) => {
    const sites = sitesOf({ ...world, sites: MAPS })
    const services = Array.from({ length: MAPS }, (_, service) => {
      const pools = sites.filter((_, site) => site !== service)
      return `  near${service}:
    policy: nearest
    answers: 2
    ttl: ${TTL_S}s
    pools:
${pools.map(({ name, addresses }) => `      ${name}: ${JSON.stringify(addresses)}`).join('\n')}`
    })
    mkdirSync(place.folder, { recursive: true })
    writeFileSync(join(place.folder, 'zone'), zoneFile(world))
    writeFileSync(
      join(place.folder, 'windrose.yaml'),
      `
listen: ${JSON.stringify(listenAddresses(world, place.port))}
sites:
${sites.map(({ name, at }) => `  ${name}: { at: [${at.join(', ')}] }`).join('\n')}
services:
${services.join('\n')}
zones:
  ${ZONE}:
    records: zone
    steer:
${Array.from({ length: MAPS }, (_, i) => `      g00000${i}: near${i}`).join('\n')}
server: { udp_threads: ${world.udpThreads} }
control: { listen: 127.0.0.1:${place.port + 1} }
state_dir: state
`,
    )
    return serveCommand(place)
  },
}

/** What the server takes of memory with ten client maps and two workers, after it has worked. */
export const memory: Suite = (bench) => {
  const world: World = { ...WORLD, names: MAPS, udpThreads: 2 }
  return withPeers(bench, [{ peer: tenMaps, world }], async ([server]) => {
    bench.say('memory')
    const load = { ...closedLoop(bench, STEERED, world), sockets: 64, durationMs: 2000, seed: 1 }
    await takeSample(bench.generator, server!, load)
    await pause(SETTLE_MS)
    const { now, peak } = residentMegabytes(server!.pid)
    return {
      title: 'Memory',
      text: `The country database, ${MAPS} client maps of ${MAPS - 1} sites each, two workers, after two seconds of steered queries.`,
      columns: ['resident MB', 'peak MB'],
      rows: [[now.toFixed(0), peak.toFixed(0)]],
      goals: [{ what: 'resident memory, ten client maps, two workers', value: now, most: 260, unit: ' MB' }],
    }
  })
}
