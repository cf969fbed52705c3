/** Format, lint and types of everything, tests included. `npm run format` mends what can be mended. */
import { runInstalled } from './run.mjs'
import './setup.mjs'

runInstalled('@biomejs/biome/bin/biome', ['check', '.'])
runInstalled('typescript/bin/tsc', ['-p', 'tsconfig.test.json', '--noEmit'])
