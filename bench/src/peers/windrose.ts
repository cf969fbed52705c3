import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KEPT, listenAddresses, sitesOf, TTL_S, WEIGHTED, type World, ZONE } from '../world/world.ts'
import { labelsOf, zoneFile } from '../world/zone-file.ts'
import type { Command, Peer, PeerPlace } from './peer.ts'

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/windrose.js', import.meta.url))

export const windrose: Peer = {
  name: 'windrose',
  answers: (thread) => thread.startsWith('udp-'),
  prepare: (world, place) => {
    writeWindroseFiles(world, place)
    return serveCommand(place)
  },
}

export function serveCommand({ folder }: PeerPlace): Command {
  return { program: process.execPath, args: [COMMAND, 'serve', '-c', join(folder, 'windrose.yaml')] }
}

/** Everything that is on by default is on; the control API has a port of its own beside the server's. */
export function writeWindroseFiles(world: World, { folder, port }: PeerPlace): void {
  const sites = sitesOf(world)
  const steer = [
    ...labelsOf(world, 'g#').map((owner) => `${owner}: near`),
    ...labelsOf(world, 'w#').map((owner) => `${owner}: drawn`),
    `c000000: kept`,
  ]
  const yaml = `
sites:
${sites.map(({ name, at }) => `  ${name}: { at: [${at.join(', ')}] }`).join('\n')}
services:
  near:
    policy: nearest
    answers: 2
    ttl: ${TTL_S}s
    pools:
${sites.map(({ name, addresses }) => `      ${name}: ${JSON.stringify(addresses)}`).join('\n')}
  drawn:
    policy: weighted
    answers: 1
    ttl: ${TTL_S}s
    pools:
      ${sites[0]!.name}: ${JSON.stringify(WEIGHTED)}
  kept:
    policy: consistent
    answers: 1
    ttl: ${TTL_S}s
    pools:
      ${sites[0]!.name}: ${JSON.stringify(KEPT)}
zones:
  ${ZONE}:
    records: zone
    steer:
${steer.map((line) => `      ${line}`).join('\n')}
`
  writeConfiguration(yaml, zoneFile(world), { world, place: { folder, port } })
}

/** Puts the zone file into its place, and what is said of sites, services and zones, with where to listen. */
export function writeConfiguration(
  yaml: string,
  zone: string,
  { world, place: { folder, port } }: { readonly world: World; readonly place: Pick<PeerPlace, 'folder' | 'port'> },
): void {
  const settings = `
listen: ${JSON.stringify(listenAddresses(world, port))}
server: { udp_threads: ${world.udpThreads} }
control: { listen: 127.0.0.1:${port + 1} }
state_dir: state
`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'zone'), zone)
  writeFileSync(join(folder, 'windrose.yaml'), `${settings}${yaml}`)
}
