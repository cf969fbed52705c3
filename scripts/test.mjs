/** Installs what the tests need and runs them all; arguments go to jest. */
import './setup.mjs'
import { installPeers } from './peers.mjs'
import { runInstalled } from './run.mjs'

installPeers()
runInstalled('jest/bin/jest.js', process.argv.slice(2))
