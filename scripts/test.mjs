/**
 * Installs what the tests need and runs them all; arguments go to jest.
 *
 * Packages that only compute are tested on all cores. What starts servers, and kills them, mostly waits for real time to
 * pass: two files at once, however many cores there are, as a busy machine would be what they measure.
 */
import './setup.mjs'
import { installPeers } from './peers.mjs'
import { runInstalled, succeeds } from './run.mjs'

const COMPUTING = '/packages/(ip|dns|zone|steering|nameserver|geo|health|config|importers)/'
const JEST = 'jest/bin/jest.js'

installPeers()
const args = process.argv.slice(2)
if (args.length > 0) {
  runInstalled(JEST, args)
} else {
  const passed = [
    succeeds(JEST, [COMPUTING, '--maxWorkers=100%']),
    succeeds(JEST, ['--testPathIgnorePatterns', COMPUTING, '/node_modules/', '--maxWorkers=2']),
  ]
  process.exit(passed.every(Boolean) ? 0 : 1)
}
