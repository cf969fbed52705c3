import { composeMessage, type Message, printRr, type Rr } from '@windrose/dns'
import { containsAddress, maskAddress, type Prefix, printAddress, readPrefix } from '@windrose/ip'
import { createLookup, Found, lookup, QnameScan, scanQname } from '@windrose/zone'
import fc from 'fast-check'
import type { Answer } from './answer.ts'
import { viewOf } from './exchange.ts'
import { respond } from './respond.ts'
import { composeQuery, exchangeOf, parse, type QueryParts, type Scene, scope } from './scene.arbitraries.ts'
import { negativeAnswer, positiveAnswer, referralAnswer } from './static-answer.ts'
import { anyClient, anyPacket, anyQueryParts, anyQuestion, anyScene } from './worlds.arbitraries.ts'

describe('for any octets', () => {
  test('there is silence exactly for runts and responses, and else a response to this very query within its limit', () => {
    fc.assert(
      fc.property(
        anyScene,
        fc.array(fc.tuple(anyPacket, fc.boolean()), { minLength: 20, maxLength: 40 }),
        (scene, packets) => {
          for (const [packet, tcp] of packets) {
            const response = scene.send(packet, { tcp })
            expect(sendExactly(scene, packet, tcp)).toEqual(response)
            const isSilent = packet.length < 12 || (packet[2]! & 0x80) !== 0
            expect(response === undefined).toBe(isSilent)
            if (response === undefined) continue
            expect(response.length).toBeLessThanOrEqual(tcp ? 65535 : 4096)
            expectEcho(packet, response)
            const message = parse(response)
            expect(message).toMatchObject({ qr: true, ra: false, z: false, ad: false, cd: false })
            if (message.tc) expect([message.answers, message.authorities, message.additionals]).toEqual([[], [], []])
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})

/** As TCP hands packets over: there is not one octet behind the message that could be read by mistake. */
function sendExactly(scene: Scene, packet: Uint8Array, tcp: boolean): Uint8Array | undefined {
  const exchange = exchangeOf(packet, { tcp })
  exchange.take(packet)
  const length = respond(exchange, scene.runtime)
  return length === 0 ? undefined : exchange.out.slice(0, length)
}

/** Id, opcode, RD and the question, if one comes back, are the query's. */
function expectEcho(packet: Uint8Array, response: Uint8Array): void {
  expect(response.slice(0, 2)).toEqual(packet.slice(0, 2))
  expect(response[2]! & 0x79).toBe(packet[2]! & 0x79)
  if (response[5] === 0) return
  let end = 12
  while (response[end]! > 0) end += 1 + response[end]!
  expect(response.slice(12, end + 5)).toEqual(packet.slice(12, end + 5))
}

const anyDialogue = fc.tuple(anyScene, fc.array(fc.tuple(anyQuestion, anyQueryParts), { minLength: 10, maxLength: 30 }))

describe('for any zones, services, clients and questions', () => {
  test('a response made in the octets of its query is the one that is made elsewhere', () => {
    fc.assert(
      fc.property(anyDialogue, ([scene, dialogue]) => {
        for (const [question, parts] of dialogue) {
          const query = composeQuery(question, parts)
          const apart = scene.send(query, { ...parts, tcp: false })!
          const room = new Uint8Array(4096).fill(0xee)
          room.set(query)
          const exchange = exchangeOf(query, { ...parts, tcp: false })
          exchange.takeInPlace(room, viewOf(room), query.length)
          // Each draws anew, and there is nothing drawn but 0.
          expect(room.slice(0, respond(exchange, scene.runtime))).toEqual(apart)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a response over UDP is that over TCP where it fits; else it lacks additional records, or is truncated', () => {
    fc.assert(
      fc.property(anyDialogue, ([scene, dialogue]) => {
        for (const [question, parts] of dialogue) {
          const query = composeQuery(question, parts)
          const whole = scene.send(query, { ...parts, tcp: true })!
          const sent = scene.send(query, { ...parts, tcp: false })!
          if (isWhoami(question)) continue
          const limit = hasEdns(parts) ? Math.max(512, parts.payload ?? 1232) : 512
          expect(sent.length).toBeLessThanOrEqual(limit)
          if (whole.length <= limit) {
            expect(sent).toEqual(whole)
            continue
          }
          const lacking = parse(sent)
          const complete = parse(whole)
          if (!lacking.tc) {
            expect(lacking.additionals.length).toBeLessThan(complete.additionals.length)
            expect(sections(lacking).slice(0, 2)).toEqual(sections(complete).slice(0, 2))
          } else expect(requiredLength(scene, question, complete)).toBeGreaterThan(limit)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('what was composed beforehand is what would be composed for the question', () => {
    fc.assert(
      fc.property(anyDialogue, ([scene, dialogue]) => {
        for (const [question, parts] of dialogue) {
          const answer = answerByValue(scene, composeQuery(question))
          if (answer === undefined || isWhoami(question)) continue
          const message = parse(scene.send(composeQuery(question, parts), { ...parts, tcp: true }))
          expect(message).toMatchObject({ rcode: answer.rcode, aa: answer.authoritative, tc: false })
          expect(sections(message)).toEqual(
            [answer.answers, answer.authorities, [...answer.glue, ...answer.additionals]].map(folded),
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  test('every client inside a scope gets the same answers', () => {
    const anyNoise = fc.array(fc.nat(255), { minLength: 16, maxLength: 16 })
    const pairs = fc.array(fc.tuple(anyClient, anyNoise), { minLength: 5, maxLength: 20 })
    fc.assert(
      fc.property(anyScene, pairs, (scene, pairs) => {
        const asked = pairs.map(([client]) => ({ client, ...answersOf(scene, client) }))
        for (const [i, { client, bits, draws }] of asked.entries()) {
          const scoped = prefixOf(client, bits)
          if (bits > 0) expect(answersOf(scene, neighbour(scoped, pairs[i]![1])).draws).toEqual(draws)
          for (const other of asked) {
            if (bits === 0 || containsAddress(scoped, prefixOf(other.client, 128).address)) {
              expect(other.draws).toEqual(draws)
            }
          }
        }
      }),
      { numRuns: 80 },
    )
  })
})

/** What the client gets for a row of draws, and the scope. */
function answersOf(scene: Scene, ecs: string): { bits: number; draws: string[] } {
  let bits = 0
  const draws = [0, 1, 2, 3].map((quarter) => {
    scene.draws.splice(0, scene.draws.length, quarter * 2 ** 30 + 12345)
    const message = scene.ask('steered.example.org. A', { ecs, from: '192.0.2.53' })
    bits = scope(message)!
    return [message.rcode, ...message.answers.map(printRr)].join(' ')
  })
  return { bits, draws }
}

/** The first bits of a client's address. */
function prefixOf(client: string, bits: number): Prefix {
  const { address } = readPrefix(client)!.prefix
  const length = Math.min(bits, address.length * 8)
  return { address: maskAddress(address, length), length }
}

/** A client in the prefix. */
function neighbour({ address, length }: Prefix, noise: readonly number[]): string {
  const octets = Uint8Array.from(noise.slice(0, address.length))
  const first = maskAddress(octets, length)
  return `${printAddress(octets.map((octet, i) => octet ^ first[i]! ^ address[i]!))}/${address.length * 8}`
}

function hasEdns(parts: QueryParts): boolean {
  return parts.payload !== undefined || parts.dnssecOk !== undefined || parts.ecs !== undefined
}

/** Whoami says how it was asked. */
function isWhoami(question: string): boolean {
  return /^me\./i.test(question)
}

function sections(message: Message): string[][] {
  return [message.answers, message.authorities, message.additionals].map(folded)
}

/** As text, in lower case: a compressed name has the case of what it points to. */
function folded(records: readonly Rr[]): string[] {
  return records.map((record) => printRr(record).toLowerCase())
}

/** The answer that the zones give to a query without steering and without aliases; undefined for the others. */
function answerByValue(scene: Scene, query: Uint8Array): Answer | undefined {
  const { zones } = scene.snapshot
  const exchange = exchangeOf(query, {})
  const scan = new QnameScan()
  const found = createLookup()
  scanQname(exchange.packetView, 12, exchange.length, scan)
  const qname = query.slice(12, 12 + scan.length)
  const qtype = (query[12 + scan.length]! << 8) | query[13 + scan.length]!
  lookup(zones, scan, qtype, found)
  switch (found.kind) {
    case Found.rrset:
      return found.rrset < 0 ? undefined : positiveAnswer(zones, found.rrset, qname)
    case Found.referral:
      return referralAnswer(zones, found.rrset)
    case Found.nodata:
      return negativeAnswer(zones, found.zone, 0)
    case Found.nxdomain:
      return negativeAnswer(zones, found.zone, 3)
    default:
      return undefined
  }
}

/** Octets of a whole response without the additional records that may be left out. */
function requiredLength(scene: Scene, question: string, whole: Message): number {
  const glue = answerByValue(scene, composeQuery(question))?.glue.length ?? whole.additionals.length
  return composeMessage({ ...whole, additionals: whole.additionals.slice(0, glue) }).length
}
