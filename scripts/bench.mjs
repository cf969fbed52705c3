/** Builds, and runs the benchmark; arguments go to it. It says which programs of others it wants, and installs none. */
import './setup.mjs'
import { run } from './run.mjs'

run(process.execPath, ['bench/dist/main.js', ...process.argv.slice(2)])
