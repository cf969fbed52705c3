/**
 * The programs that the tests ask for a second opinion: resolvers, checkers and clients that others wrote. They come from
 * Debian's packages, by name.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { run } from './run.mjs'

/** Program -> the Debian package that has it. */
const PEERS = {
  dig: 'bind9-dnsutils',
  named: 'bind9',
  'named-checkzone': 'bind9-utils',
  unbound: 'unbound',
  gdnsd: 'gdnsd',
  'ldns-read-zone': 'ldnsutils',
  mmdblookup: 'mmdb-bin',
  openssl: 'openssl',
  'redis-server': 'redis-server',
}

/** Makes sure that all peers are there. Without root, or off Debian, says what is missing and ends with 1. */
export function installPeers() {
  const missing = missingPeers()
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((program) => PEERS[program]))]
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.error(`The tests need ${missing.join(', ')}. On Debian, as root: ${command}`)
    process.exit(1)
  }
  withoutStartingServices(() => {
    run('apt-get', ['update', '-q'])
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      DEBIAN_FRONTEND: 'noninteractive',
    })
  })
  const still = missingPeers()
  if (still.length > 0) {
    console.error(`${still.join(', ')} still missing after: ${command}`)
    process.exit(1)
  }
}

function missingPeers() {
  return Object.keys(PEERS).filter((program) => !onPath(program))
}

function onPath(program) {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`
  return spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: path } }).status === 0
}

/** The tests start the peers themselves, on ports of their own: no package shall start one as a service. */
function withoutStartingServices(install) {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (!ours) {
    install()
    return
  }
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  // A failed command ends the process, so the policy goes with the process, not with this call.
  process.on('exit', () => rmSync(policy, { force: true }))
  install()
}
