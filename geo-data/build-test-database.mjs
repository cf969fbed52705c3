/**
 * Writes test.mmdb from test-database.json. Build the workspace first.
 *
 *   node geo-data/build-test-database.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { composeMmdb } from '../packages/geo/dist/index.js'
import { readPrefix } from '../packages/ip/dist/index.js'

const { networks, ...head } = JSON.parse(readFileSync(new URL('test-database.json', import.meta.url), 'utf8'))
const entries = Object.entries(networks).map(([text, record]) => ({ prefix: readPrefix(text).prefix, record }))
const ipv4Aliases = ['::ffff:0:0/96', '2002::/16'].map((text) => readPrefix(text).prefix)

writeFileSync(new URL('test.mmdb', import.meta.url), composeMmdb({ ...head, ipVersion: 6, entries, ipv4Aliases }))
