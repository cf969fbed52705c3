import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sitesOf, WEIGHTED, type World, ZONE } from '../world/world.ts'
import { labelsOf, zoneFile } from '../world/zone-file.ts'
import type { Peer } from './peer.ts'

/** gdnsd orders the sites of each record of the database by great-circle distance, as windrose does. */
export const gdnsd: Peer = {
  name: 'gdnsd',
  from: { program: 'gdnsd', package: 'gdnsd' },
  answers: (thread) => thread.startsWith('gdnsd-dns') || thread.includes('udp'),
  prepare: (world, { folder, port, database }) => {
    mkdirSync(join(folder, 'zones'), { recursive: true })
    mkdirSync(join(folder, 'run'), { recursive: true })
    mkdirSync(join(folder, 'state'), { recursive: true })
    writeFileSync(join(folder, 'config'), configText(world, { folder, port, database }))
    const steered = [
      ...labelsOf(world, 'g#').map((owner) => `${owner} DYNA geoip!near`),
      ...labelsOf(world, 'w#').map((owner) => `${owner} DYNA weighted!drawn`),
    ]
    writeFileSync(join(folder, 'zones', ZONE), `${zoneFile(world)}${steered.join('\n')}\n`)
    return { program: 'gdnsd', args: ['-c', folder, 'start'] }
  },
}

function configText(
  world: World,
  { folder, port, database }: { folder: string; port: number; database: string },
): string {
  const sites = sitesOf(world)
  const names = sites.map(({ name }) => name).join(', ')
  const listen = world.listen === 'one' ? `[ 127.0.0.1 ]` : 'any'
  return `
options => {
  listen => ${listen}
  dns_port => ${port}
  udp_threads => ${world.udpThreads}
  tcp_threads => 1
  udp_rcvbuf => 1048576
  udp_sndbuf => 1048576
  run_dir => "${folder}/run"
  state_dir => "${folder}/state"
}
plugins => {
  geoip => {
    maps => {
      world => {
        geoip2_db => "${database}"
        datacenters => [ ${names} ]
        auto_dc_coords => {
${sites.map(({ name, at }) => `          ${name} => [ ${at.join(', ')} ]`).join('\n')}
        }
      }
    }
    resources => {
      near => {
        map => world
        dcmap => {
${sites.map(({ name, addresses: [a, b, six] }) => `          ${name} => { addrs_v4 => [ ${a}, ${b} ], addrs_v6 => [ ${six} ] }`).join('\n')}
        }
      }
    }
  }
  weighted => {
    drawn => { ${WEIGHTED.map(({ address, weight }, i) => `m${i} = [ ${address}, ${weight} ]`).join(', ')} }
  }
}
`
}
