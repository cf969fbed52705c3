import { numberedLabel } from '../load/query-set.ts'
import { POLICIES } from '../world/policies.ts'
import { sitesOf, TTL_S, type World, ZONE } from '../world/world.ts'
import { zoneFile } from '../world/zone-file.ts'
import type { Peer, PeerPlace } from './peer.ts'
import { serveCommand, windrose, writeConfiguration } from './windrose.ts'

/** Answers a second that a site takes: far fewer than are asked for, so that what spills does. */
const CAPACITY = 20_000

/** windrose with so many names of every policy. */
export const windrosePolicies: Peer = {
  name: windrose.name,
  answers: windrose.answers,
  prepare: (world, place) => {
    writeFiles(world, place)
    return serveCommand(place)
  },
}

function writeFiles(world: World, place: PeerPlace): void {
  const sites = sitesOf(world)
  const all = Object.fromEntries(sites.map(({ name, addresses }) => [name, addresses]))
  const services = [
    ...POLICIES.map(({ owner, settings, pools }) =>
      service(`of-${owner.charAt(0)}`, settings, pools === undefined ? all : pools(sites)),
    ),
    ...sites.map(({ name, addresses }) => service(`inner-${name}`, ['policy: all'], { [name]: addresses })),
  ]
  const steer = POLICIES.flatMap(({ owner }) =>
    Array.from({ length: world.names }, (_, i) => `${numberedLabel(owner, i)}: of-${owner.charAt(0)}`),
  )
  const yaml = `
sites:
${sites.map(({ name, at }, i) => `  ${name}: { at: [${at.join(', ')}], capacity: ${CAPACITY * (i + 1)} }`).join('\n')}
services:
${services.join('\n')}
zones:
  ${ZONE}:
    records: zone
    steer:
${steer.map((line) => `      ${line}`).join('\n')}
`
  // Its names are all steered.
  writeConfiguration(yaml, zoneFile({ ...world, names: 0 }), { world, place })
}

function service(name: string, settings: readonly string[], pools: Readonly<Record<string, unknown>>): string {
  const lines = [...settings, `ttl: ${TTL_S}s`, `pools: ${JSON.stringify(pools)}`]
  return `  ${name}:\n${lines.map((line) => `    ${line}`).join('\n')}`
}
