/**
 * What one A query costs before and after any socket: read, answered, written. Ours against dns2, on the same octets in
 * the same process.
 *
 *   node bench/codec.mjs            after a build (npm run setup)
 *
 * Rows that can be compared stand together: `respond` does all that a name server does (parse, look up, decide, compose),
 * dns2 only parses the query and writes a response that was made in advance of the question's content.
 */
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import {
  composeMessage,
  parseMessage,
  queryMessage,
  Rtype,
  readMasterFile,
  readName,
} from '../packages/dns/dist/index.js'
import { readPrefix } from '../packages/ip/dist/index.js'
import { ambientFrom, composeBodies, Exchange, Runtime, respond } from '../packages/nameserver/dist/index.js'
import { healthCell, STABILITY_MAX, Verdict } from '../packages/steering/dist/index.js'
import { buildZone, compileZones } from '../packages/zone/dist/index.js'

const { Packet } = createRequire(import.meta.url)('dns2')

const ZONE = `
$TTL 300
@      SOA ns1 hostmaster 1 3600 900 604800 30
@      NS  ns1
ns1    A   192.0.2.1
static A   192.0.2.10
static A   192.0.2.11
`
const ROUNDS = 7
const MESSAGES = 200_000

const runtime = new Runtime(
  ambientFrom(() => 0),
  createSnapshot(),
)
const rows = [
  ['windrose  respond(), static A, 2 addresses', () => answerWith(queryFor('static.example.org.'))],
  ['windrose  respond(), steered A, 2 addresses', () => answerWith(queryFor('www.example.org.'))],
  ['windrose  whole message as a value: parse, compose', () => roundTrip(queryFor('static.example.org.'))],
  ['dns2      Packet.parse, 2 addresses, toBuffer', () => dns2Answer(queryFor('static.example.org.'))],
]

const results = rows.map(([title, make]) => [title, measure(make())])
const ours = results[0][1]
console.log(
  `node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, best of ${ROUNDS} rounds of ${MESSAGES} messages\n`,
)
for (const [title, ns] of results) {
  console.log(
    `${title.padEnd(54)} ${String(Math.round(ns)).padStart(6)} ns/message ${(ns / ours).toFixed(1).padStart(6)} x`,
  )
}

/** Nanoseconds a call, the best round: the others had company. */
function measure(answer) {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint()
    let octets = 0
    for (let i = 0; i < MESSAGES; i++) octets += answer()
    const ns = Number(process.hrtime.bigint() - start) / MESSAGES
    if (octets < MESSAGES * 50) throw new Error('these are no answers')
    best = Math.min(best, ns)
  }
  return best
}

function answerWith(query) {
  const exchange = new Exchange(query, new Uint8Array(4096))
  exchange.length = query.length
  if (parseMessage(exchange.out.subarray(0, respond(exchange, runtime))).answers?.length !== 2) {
    throw new Error('not the answer that is measured')
  }
  return () => respond(exchange, runtime)
}

function roundTrip(query) {
  const records = readZone().filter(({ rtype, rdata }) => rtype === Rtype.A && rdata[3] >= 10)
  return () => composeMessage({ ...parseMessage(query), qr: true, aa: true, answers: records }).length
}

function dns2Answer(query) {
  const request = Buffer.from(query)
  return () => {
    const response = Packet.createResponseFromRequest(Packet.parse(request))
    const { name } = response.questions[0]
    for (const address of ['192.0.2.10', '192.0.2.11']) {
      response.answers.push({ name, type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl: 300, address })
    }
    return response.toBuffer().length
  }
}

/** A query as resolvers send it: EDNS with 1232 octets and the client's /24. */
function queryFor(name) {
  const client = readPrefix('81.2.69.0/24').prefix
  return composeMessage(queryMessage({ qname: readName(name), qtype: Rtype.A, id: 4711, client }))
}

function readZone() {
  return readMasterFile({ file: 'example.org.zone', text: ZONE, origin: readName('example.org.') }).records
}

function createSnapshot() {
  const place = { file: 'bench', line: 1, column: 1 }
  const apex = readName('example.org.')
  const steered = [{ owner: readName('www.example.org.'), service: 0, place }]
  const zones = compileZones([buildZone({ apex, records: readZone(), steered, place }).zone])
  const endpoints = [10, 11].map((octet, index) => ({
    index,
    id: `web/fra/192.0.2.${octet}`,
    kind: 'ipv4',
    target: Uint8Array.from([192, 0, 2, octet]),
    label: `192.0.2.${octet}`,
    weight: 1,
  }))
  const service = {
    name: 'web',
    index: 0,
    pools: [{ site: 0, siteName: 'fra', endpoints }],
    steps: [{ kind: 'weighted' }],
    answers: 2,
    panic: 0.5,
    onAllDown: 'serve_all',
    ttl: { max: 30, min: 15 },
    clientMap: -1,
  }
  const nothing = new Uint8Array(0)
  return {
    zones,
    bodies: composeBodies(zones),
    services: [service],
    maps: [],
    health: {
      cells: Uint32Array.from(endpoints, () => healthCell(Verdict.up, 0, STABILITY_MAX)),
      endpoints: endpoints.length,
      changesAt: new Float64Array(endpoints.length).fill(Number.POSITIVE_INFINITY),
      held: new Uint8Array(endpoints.length),
      roundTrips: new Uint32Array(endpoints.length),
      vantages: [],
    },
    epochs: new Int32Array(1),
    settings: {
      udpPayload: 1232,
      clientSubnet: true,
      nsid: nothing,
      version: nothing,
      hostname: nothing,
      tcpKeepalive: 0,
    },
  }
}
