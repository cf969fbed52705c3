import { readConfiguration } from '@windrose/config'
import { ControlClient } from '../control-client.ts'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { print } from '../output.ts'
import { demoFile } from './demo-file.ts'
import { readDownSites, writeDownSites } from './down-sites.ts'

/** `windrose demo kill SITE` and `demo heal SITE`: ends or starts the origins of a site of the running demo. */
export async function changeSite(site: string, down: boolean, api: string): Promise<void> {
  const { configuration } = await readConfiguration(demoFile('windrose.yaml'))
  if (configuration === undefined) throw new CommandFailure('the configuration of the demo is damaged')
  const names = configuration.sites.map(({ name }) => name)
  if (!names.includes(site)) {
    throw new CommandFailure(`the demo has no site "${site}"; it has ${names.join(', ')}`, ExitCode.refused)
  }
  // Without a demo that follows the file, writing it would do nothing.
  await new ControlClient({ api }).get('/livez')
  const sites = readDownSites(configuration.stateDir)
  if (down) sites.add(site)
  else sites.delete(site)
  writeDownSites(configuration.stateDir, sites)
  print(down ? `killed the origins of ${site}; within seconds answers leave it` : `the origins of ${site} run again`)
  print('watch: npx windrose status, or dig @127.0.0.1 -p 5300 www.gslb.example +subnet=81.2.69.0/24 +short')
}
