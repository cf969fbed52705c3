/** Builds, and plays a day of load under each rule of capacity; arguments go to it. */
import './setup.mjs'
import { run } from './run.mjs'

run(process.execPath, ['bench/dist/capacity/main.js', ...process.argv.slice(2)])
