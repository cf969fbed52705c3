import { composeMessage, queryMessage, readName } from '@windrose/dns'
import type { Prefix } from '@windrose/ip'
import { NUMBER_DIGITS, type QuerySet, RANDOM_LETTERS } from './query-set.ts'
import { SeededRandom } from './seeded-random.ts'

/**
 * Queries of a set, made where they are sent from: a packet is composed once for each place, and what is random in it is
 * written over before each send. So there is no end of different queries, and they take next to no room: a pool of
 * prepared packets would push what the server remembers out of the cache that both processor cores share.
 */
export class RandomQueries {
  /** Octets of each query of the set. */
  readonly octets: number
  readonly #set: QuerySet
  readonly #random: SeededRandom
  readonly #template: Uint8Array
  readonly #ipv6Blocks: Uint32Array
  /** Where the random part of the name and the subnet's address stand. */
  readonly #label: number
  readonly #subnet: number

  constructor(set: QuerySet, seed: number, ipv6Blocks: readonly number[] = []) {
    this.#ipv6Blocks = Uint32Array.from(ipv6Blocks.length > 0 ? ipv6Blocks : REGISTRY_BLOCKS)
    this.#set = set
    this.#random = new SeededRandom(seed)
    this.#template = composeTemplate(set)
    this.octets = this.#template.length
    this.#label = QNAME_LABEL + set.owner.search(/[#*]/)
    this.#subnet = this.octets - (set.subnet === 'ipv6' ? IPV6_OCTETS : IPV4_OCTETS)
  }

  /** Puts the parts that never change at `start`. */
  compose(octets: Uint8Array, start: number): void {
    octets.set(this.#template, start)
  }

  /** Makes a new query of the one at `start`. */
  renew(octets: Uint8Array, start: number, id: number): void {
    octets[start] = id >>> 8
    octets[start + 1] = id
    if (this.#set.owner.includes('#')) this.#writeNumber(octets, start + this.#label)
    else if (this.#set.owner.includes('*')) this.#writeLetters(octets, start + this.#label)
    if (this.#set.subnet === 'ipv4') this.#writeIpv4(octets, start + this.#subnet)
    else if (this.#set.subnet === 'ipv6') this.#writeIpv6(octets, start + this.#subnet)
  }

  #writeNumber(octets: Uint8Array, at: number): void {
    let rest = this.#random.below(this.#set.names)
    for (let i = NUMBER_DIGITS - 1; i >= 0; i--) {
      const tens = Math.floor(rest / 10)
      octets[at + i] = 0x30 + rest - tens * 10
      rest = tens
    }
  }

  #writeLetters(octets: Uint8Array, at: number): void {
    for (let i = 0; i < RANDOM_LETTERS; i++) octets[at + i] = 0x61 + this.#random.below(26)
  }

  #writeIpv4(octets: Uint8Array, at: number): void {
    octets[at] = IPV4_FIRST[this.#random.below(IPV4_FIRST.length)]!
    octets[at + 1] = this.#random.below(256)
    octets[at + 2] = this.#random.below(256)
  }

  #writeIpv6(octets: Uint8Array, at: number): void {
    const block = this.#ipv6Blocks[this.#random.below(this.#ipv6Blocks.length)]!
    octets[at] = block >>> 24
    octets[at + 1] = block >>> 16
    octets[at + 2] = block >>> 8
    octets[at + 3] = block
    for (let i = 4; i < IPV6_OCTETS; i++) octets[at + i] = this.#random.below(256)
  }
}

/** Behind the header and the length octet of the first label. */
const QNAME_LABEL = 13
const IPV4_OCTETS = 3
const IPV6_OCTETS = 6

/** First octets of unicast space of which no part is private or otherwise special. */
const IPV4_FIRST: Uint8Array = Uint8Array.from(
  Array.from({ length: 223 }, (_, i) => i + 1).filter(
    (first) => ![10, 100, 127, 169, 172, 192, 198, 203].includes(first),
  ),
)
/** Blocks that the five registries hand out from. */
const REGISTRY_BLOCKS: readonly number[] = [
  0x2400, 0x2402, 0x2404, 0x2600, 0x2602, 0x2800, 0x2803, 0x2a00, 0x2a02, 0x2c0f,
].map((block) => block * 0x10000)

function composeTemplate({ owner, zone, qtype, subnet }: QuerySet): Uint8Array {
  const label = owner.replace('#', '0'.repeat(NUMBER_DIGITS)).replace('*', 'x'.repeat(RANDOM_LETTERS))
  const qname = readName(`${label}.${zone}.`)
  if ('problem' in qname) throw new Error(`"${label}.${zone}." is no name: ${qname.problem}`)
  return composeMessage(queryMessage({ qname, qtype, client: emptySubnet(subnet) }))
}

/** No bit of it is set: the octets of the address stand at the end of the packet, and wait there to be written. */
function emptySubnet(subnet: QuerySet['subnet']): Prefix | undefined {
  if (subnet === 'none') return undefined
  return subnet === 'ipv4'
    ? { address: new Uint8Array(4), length: IPV4_OCTETS * 8 }
    : { address: new Uint8Array(16), length: IPV6_OCTETS * 8 }
}
