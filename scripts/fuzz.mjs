/** Asks random servers a million random questions, and holds each answer against its trace: `--queries COUNT --seed NUMBER`. */
import { parseArgs } from 'node:util'
import { runInstalled } from './run.mjs'
import './setup.mjs'

const { values } = parseArgs({
  options: { queries: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
})
const queries = Number(values.queries)
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
if (!Number.isInteger(queries) || queries < 1 || !Number.isInteger(seed)) {
  console.error('usage: npm run fuzz -- [--queries COUNT] [--seed NUMBER], both whole numbers')
  process.exit(2)
}
console.log(`${queries} queries; again with: npm run fuzz -- --queries ${queries} --seed ${seed}`)
runInstalled('jest/bin/jest.js', ['-i', 'test/fuzz'], {
  WINDROSE_FUZZ_QUERIES: `${queries}`,
  WINDROSE_FUZZ_SEED: `${seed}`,
})
