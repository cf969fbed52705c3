import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearestSites } from '../world/nearest-sites.ts'
import {
  listenAddresses,
  type Site,
  STATIC_ADDRESSES,
  sitesOf,
  TTL_S,
  WEIGHTED,
  type World,
  ZONE,
} from '../world/world.ts'
import { labelsOf } from '../world/zone-file.ts'
import type { Peer } from './peer.ts'

/** The geoip backend of PowerDNS: a service's name is made of the client's country, and its records are answered. */
export const powerdns: Peer = {
  name: 'powerdns',
  from: { program: 'pdns_server', package: 'pdns-backend-geoip' },
  answers: () => true,
  prepare: (world, { folder, port, database }) => {
    mkdirSync(folder, { recursive: true })
    const addresses = listenAddresses(world, port).map((address) => address.replace(/:\d+$/, '').replace(/[[\]]/g, ''))
    writeFileSync(join(folder, 'zones.yaml'), zonesText(world))
    writeFileSync(
      join(folder, 'pdns.conf'),
      `
launch=geoip
geoip-zones-file=${folder}/zones.yaml
geoip-database-files=mmdb:${database}
edns-subnet-processing=yes
local-address=${addresses.join(',')}
local-port=${port}
socket-dir=${folder}
receiver-threads=${world.udpThreads}
distributor-threads=1
reuseport=yes
daemon=no
guardian=no
setuid=
setgid=
security-poll-suffix=
loglevel=3
`,
    )
    return { program: 'pdns_server', args: [`--config-dir=${folder}`] }
  },
}

function zonesText(world: World): string {
  const site = (name: string, { addresses: [a, b, six] }: Site): string =>
    `    ${name}.at.${ZONE}:\n      - a: ${a}\n      - a: ${b}\n      - aaaa: ${six}\n`
  const countries = [...nearestSites(world)].map(([code, nearest]) => site(code.toLowerCase(), nearest))
  const statics = labelsOf(world, 'a#').map(
    (owner) => `    ${owner}.${ZONE}:\n${STATIC_ADDRESSES.map((address) => `      - a: ${address}\n`).join('')}`,
  )
  const drawn = labelsOf(world, 'w#').map(
    (owner) =>
      `    ${owner}.${ZONE}:\n${WEIGHTED.map(
        ({ address, weight }) => `      - a: { content: ${address}, weight: ${weight} }\n`,
      ).join('')}`,
  )
  return `
domains:
- domain: ${ZONE}
  ttl: ${TTL_S}
  records:
    ${ZONE}:
      - soa: ns1.${ZONE} hostmaster.${ZONE} 1 7200 900 604800 30
      - ns: ns1.${ZONE}
    ns1.${ZONE}:
      - a: 127.0.0.1
${site('unknown', sitesOf(world)[0]!)}${countries.join('')}${statics.join('')}${drawn.join('')}
  services:
${labelsOf(world, 'g#')
  .map((owner) => `    ${owner}.${ZONE}: [ '%cc.at.${ZONE}', 'unknown.at.${ZONE}' ]\n`)
  .join('')}`
}
