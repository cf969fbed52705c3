import { readConfiguration } from '@windrose/config'
import { CommandFailure } from '../exit-code.ts'
import { print, say } from '../output.ts'
import { serve } from '../serve-verb.ts'
import { demoFile } from './demo-file.ts'
import { readDownSites, writeDownSites } from './down-sites.ts'
import { Origins, planOrigins } from './origins.ts'

/**
 * `windrose demo`: the origins of three data centres on loopback addresses, and a real server that probes them and steers
 * the whole Internet to them. Runs until it is told to stop.
 */
export async function runDemo(): Promise<void> {
  const file = demoFile('windrose.yaml')
  const { configuration } = await readConfiguration(file)
  if (configuration === undefined) throw new CommandFailure('the configuration of the demo is damaged')
  const { stateDir } = configuration
  writeDownSites(stateDir, new Set())
  const origins = new Origins(planOrigins(configuration))
  origins.follow(new Set())
  process.on('exit', () => origins.stop())
  await serve({ configFile: file })
  const follow = setInterval(() => {
    const down = readDownSites(stateDir)
    for (const site of origins.follow(down)) say(`demo: origins of ${site} ${down.has(site) ? 'killed' : 'started'}`)
  }, FOLLOW_MS)
  follow.unref()
  print(WELCOME)
}

const FOLLOW_MS = 200

const WELCOME = `
windrose answers for gslb.example on 127.0.0.1:5300 and [::1]:5300 (UDP and TCP). In another terminal:

  dig @127.0.0.1 -p 5300 www.gslb.example +subnet=81.2.69.0/24   # a client in London: Frankfurt's two addresses
  dig @127.0.0.1 -p 5300 www.gslb.example +subnet=8.8.8.0/24     # a client in the United States: Ashburn's
  npx windrose demo kill fra                                     # within seconds London is answered with Ashburn
  npx windrose demo heal fra
  npx windrose explain www.gslb.example A --client 81.2.69.142   # why, stage by stage
  npx windrose status

No dig here? "apt install bind9-dnsutils", or: npx windrose query www.gslb.example --client 81.2.69.0/24
Ctrl-C ends it.
`
