/** Set-up, then the demo: a real name server for `gslb.example` on 127.0.0.1:5300. */
import { spawn } from 'node:child_process'
import { ROOT } from './run.mjs'
import './setup.mjs'

const demo = spawn(process.execPath, ['packages/cli/bin/windrose.js', 'demo', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
})
// Ctrl-C reaches the demo from the terminal, and a second one would cut it short: this process only waits for it.
process.on('SIGINT', () => undefined)
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => demo.kill(signal))
demo.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
