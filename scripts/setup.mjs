/** Installs the dependencies and builds: all that the `windrose` command needs. Quick when there is nothing to do. */
import { pinnedPnpm, run, runInstalled } from './run.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`windrose needs Node.js 20.19 or later, this is ${process.version}`)
  process.exit(1)
}
// npx brings the pinned pnpm along: nothing has to be installed globally.
run('npx', ['--yes', pinnedPnpm(), 'install', '--frozen-lockfile', '--prefer-offline'], { CI: 'true' })
runInstalled('typescript/bin/tsc', ['-b'])
// With what has just been installed.
await import('./bundle.mjs')
