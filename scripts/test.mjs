/**
 * Installs what the tests need and runs them all; arguments go to jest.
 *
 * Packages that only compute are tested on all cores. What starts servers, and kills them, has the machine to itself: its
 * tests wait for real time to pass, and a busy machine would be what they measure.
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
    succeeds(JEST, ['--testPathIgnorePatterns', COMPUTING, '/node_modules/']),
  ]
  process.exit(passed.every(Boolean) ? 0 : 1)
}
