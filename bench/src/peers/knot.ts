import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearestSites } from '../world/nearest-sites.ts'
import { listenAddresses, type Site, TTL_S, type World, ZONE } from '../world/world.ts'
import { labelsOf, zoneFile } from '../world/zone-file.ts'
import type { Peer } from './peer.ts'

/**
 * Knot knows countries, so each name lists the site of each of them. It reads and keeps all that for every name, so it is
 * measured with the first names only. Clients that the database does not know have no answer here.
 */
export const knot: Peer = {
  name: 'knot',
  from: { program: 'knotd', package: 'knot' },
  names: 10,
  workloads: ['static A', 'steered A, IPv4 subnet', 'steered AAAA, IPv6 subnet', 'NXDOMAIN'],
  answers: () => true,
  prepare: (world, { folder, port, database }) => {
    mkdirSync(join(folder, 'run'), { recursive: true })
    const listen = listenAddresses(world, port).map((address) => address.replace(/^\[?(.*?)\]?:(\d+)$/, '"$1@$2"'))
    writeFileSync(join(folder, 'zone'), `${zoneFile(world)}`)
    writeFileSync(join(folder, 'geo.yaml'), geoText(world))
    writeFileSync(
      join(folder, 'knot.conf'),
      `
server:
  rundir: "${folder}/run"
  listen: [ ${listen.join(', ')} ]
  udp-workers: ${world.udpThreads}
  tcp-workers: 1
  background-workers: 1
  edns-client-subnet: on
log:
  - target: stderr
    any: warning
mod-geoip:
  - id: geo
    config-file: "${folder}/geo.yaml"
    ttl: ${TTL_S}
    mode: geodb
    geodb-file: "${database}"
    geodb-key: [ country/iso_code ]
zone:
  - domain: ${ZONE}
    file: "${folder}/zone"
    zonefile-load: whole
    journal-content: none
    module: mod-geoip/geo
`,
    )
    return { program: 'knotd', args: ['-c', join(folder, 'knot.conf')] }
  },
}

function geoText(world: World): string {
  const nearest = nearestSites(world)
  const records = ({ addresses: [a, b, six] }: Site): string => `    A: [ ${a}, ${b} ]\n    AAAA: ${six}\n`
  const countries = [...nearest].map(([code, site]) => `  - geo: "${code}"\n${records(site)}`)
  return labelsOf(world, 'g#')
    .map((owner) => `${owner}.${ZONE}:\n${countries.join('')}`)
    .join('')
}
