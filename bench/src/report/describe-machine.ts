import { spawnSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'

/** What the figures were measured on. */
export function describeMachine(): string {
  const [first] = cpus()
  const lines = [
    `* ${cpus().length} cores, ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `* Node.js ${process.version}`,
    `* ${versionOf('gdnsd', ['--version'], /gdnsd version (\S+)/, 'gdnsd')}, ${versionOf('knotd', ['--version'], /version (\S+)/, 'Knot')}, ${versionOf('pdns_server', ['--version'], /Server (\S+)/, 'PowerDNS')}`,
    `* ${new Date().toISOString().slice(0, 10)}`,
  ]
  return `${lines.join('\n')}\n`
}

function versionOf(program: string, args: readonly string[], pattern: RegExp, name: string): string {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` }
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env })
  return `${name} ${pattern.exec(`${stdout}${stderr}`)?.[1] ?? 'of an unknown version'}`
}
