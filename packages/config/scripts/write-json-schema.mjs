// Writes schema/windrose.schema.json from the schema that the program checks with. Needs a build first (`tsc -b`).
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configurationJsonSchema } from '../dist/index.js'

const file = fileURLToPath(new URL('../schema/windrose.schema.json', import.meta.url))
writeFileSync(file, JSON.stringify(configurationJsonSchema()))
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' })
