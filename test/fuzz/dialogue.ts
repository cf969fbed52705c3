import { composeMessage, type Message, parseMessage, queryMessage, Rtype } from '@windrose/dns'
import { type Address, maskAddress, type Prefix, printAddress, printPrefix } from '@windrose/ip'
import { ambientFrom, Exchange, type ExplainedQuestion, Runtime, respond, SILENCE } from '@windrose/nameserver'
import { healthCell, STABILITY_MAX, Verdict } from '@windrose/steering'
import { nameOf, type World } from './worlds.ts'

/** A question as it is asked, and what was answered. */
export interface Asked {
  readonly question: ExplainedQuestion
  readonly response: Message
  /** For people: what was asked, by whom. */
  readonly text: string
}

/**
 * A server that is asked one question after the other, as a resolver asks, octets to octets: what it remembers of one answer
 * it may give again. Now and then a verdict changes.
 */
export class Dialogue {
  readonly #world: World
  readonly #random: () => number
  readonly #runtime: Runtime
  readonly #exchange: Exchange = new Exchange(new Uint8Array(0), new Uint8Array(65_535))
  #draw = 0

  /** `random` gives numbers from 0 to 1. */
  constructor(world: World, random: () => number) {
    this.#world = world
    this.#random = random
    this.#runtime = new Runtime(
      ambientFrom(() => this.#draw),
      world.snapshot,
    )
  }

  next(): Asked {
    if (this.#below(50) === 0) this.#changeVerdict()
    const name = this.#pick(this.#world.names)
    const qtype = this.#pick(QTYPES)
    const resolver = this.#address()
    const client = this.#below(5) === 0 ? undefined : this.#subnet()
    const draw = Math.floor(this.#random() * 2 ** 32)
    const question = { qname: nameOf(name), qtype, resolver, draw, ...(client === undefined ? {} : { client }) }
    const text = `${name} TYPE${qtype} from ${printAddress(resolver)} for ${client && printPrefix(client)}, draw ${draw}`
    return { question, response: this.#ask(question), text }
  }

  /** The same question by a client with the same first `scope` bits, its whole address. */
  neighbour(question: ExplainedQuestion, scope: number): ExplainedQuestion {
    const own = question.client!.address
    const address = own.map((octet, i) => {
      const kept = 0xff & ~(0xff >> Math.max(0, Math.min(8, scope - i * 8)))
      return (octet & kept) | (this.#below(256) & ~kept & 0xff)
    })
    return { ...question, client: { address, length: address.length * 8 } }
  }

  #ask(question: ExplainedQuestion & { readonly draw: number }): Message {
    const exchange = this.#exchange
    exchange.take(composeMessage(queryMessage(question)))
    exchange.tcp = true
    exchange.source.set(question.resolver)
    exchange.family = question.resolver.length === 4 ? 4 : 6
    this.#draw = question.draw
    const length = respond(exchange, this.#runtime)
    if (length === SILENCE) throw new Error('no response')
    const response = parseMessage(exchange.out.slice(0, length))
    if ('malformed' in response) throw new Error(`malformed: ${response.malformed}`)
    return response
  }

  #changeVerdict(): void {
    const { health, epochs } = this.#world.snapshot
    const verdict = this.#pick([Verdict.up, Verdict.up, Verdict.down, Verdict.unknown])
    if (health.cells.length > 0) health.cells[this.#below(health.cells.length)] = healthCell(verdict, 0, STABILITY_MAX)
    // A service inside another moves that one, too.
    for (let service = 0; service < epochs.length; service++) epochs[service]!++
  }

  /** Inside one of the world's prefixes, near one, or anywhere. */
  #address(): Address {
    const { prefixes } = this.#world
    const where = this.#below(4)
    if (where === 0 || prefixes.length === 0) return this.#noise(this.#below(2) === 0 ? 4 : 16)
    const { address, length } = this.#pick(prefixes)
    const kept = where === 1 ? Math.max(0, length - 1 - this.#below(4)) : length
    const first = maskAddress(address, kept)
    const noise = this.#noise(address.length)
    const masked = maskAddress(noise, kept)
    return noise.map((octet, i) => octet ^ masked[i]! ^ first[i]!)
  }

  #subnet(): Prefix {
    const address = this.#address()
    const usual = address.length === 4 ? 24 : 56
    const length = this.#below(2) === 0 ? usual : this.#below(address.length * 8 + 1)
    return { address: maskAddress(address, length), length }
  }

  #noise(octets: number): Uint8Array {
    return Uint8Array.from({ length: octets }, () => this.#below(256))
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end)
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!
  }
}

const QTYPES = [Rtype.A, Rtype.A, Rtype.A, Rtype.AAAA, Rtype.AAAA, Rtype.HTTPS, Rtype.TXT, Rtype.CNAME]
