/** Builds, and measures the health table in a redis-server of its own; arguments go to it. */
import './setup.mjs'
import { run } from './run.mjs'

run(process.execPath, ['bench/dist/health/main.js', ...process.argv.slice(2)])
