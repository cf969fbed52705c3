/**
 * Joins what the `windrose` command loads into a few files in packages/cli/dist/bundle. Every thread of a server loads its
 * modules again; a few hundred small files in each are half of the time from `windrose serve` to the first answer.
 */
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './run.mjs'

const OUT = join(ROOT, 'packages/cli/dist/bundle')

/** What a thread begins with; by these names each is found beside what starts it. */
const ENTRIES = {
  main: 'cli/dist/main.js',
  'mmsg-thread': 'server/dist/threads/mmsg-thread.js',
  'dgram-thread': 'server/dist/threads/dgram-thread.js',
  'tcp-thread': 'server/dist/threads/tcp-thread.js',
  'compile-worker': 'server/dist/compile/compile-worker.js',
  'what-if-worker': 'server/dist/what-if/what-if-worker.js',
}

/** Native code, and what is loaded after the first answer and rather large: from where the importing package has them. */
const APART = /^(koffi|fastify|pino|pino-pretty)$/

/** Modules that look for the entries above beside themselves. */
const STARTERS = /\/(thread-file|compile-thread|what-if-thread)\.js$/

const keepPlaces = {
  name: 'keep-places',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: APART }, ({ path, importer }) => ({
      path: fromOut(createRequire(importer).resolve(path)),
      external: true,
    }))
    // A module that looks for a file beside itself goes on to find it.
    onLoad({ filter: /\/packages\/[a-z]+\/dist\/.*\.js$/ }, async ({ path }) => {
      if (STARTERS.test(path)) return undefined
      const source = await readFile(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      const place = `new URL(${JSON.stringify(fromOut(path))}, import.meta.url).href`
      return { contents: source.replaceAll('import.meta.url', place), resolveDir: dirname(path) }
    })
  },
}

function fromOut(file) {
  return relative(OUT, file)
}

await rm(OUT, { recursive: true, force: true })
await build({
  entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(ROOT, 'packages', file)])),
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  logLevel: 'warning',
  // CommonJS libraries ask for Node's own modules with it.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url)",
  },
  plugins: [keepPlaces],
})
