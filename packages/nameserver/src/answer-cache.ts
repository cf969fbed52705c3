import { MESSAGE_OCTETS_MAX } from '@windrose/dns'
import { bucketSeed, type Decision, type Variant as SteeredVariant } from '@windrose/steering'
import { BUCKET_WORDS, bucketVariant, equalBuckets, writeBuckets } from './bucket-words.ts'
import { packKeyLengths } from './client-key.ts'
import { composeVariant, variantLength } from './compose-variant.ts'
import { viewOf } from './exchange.ts'
import { cellsByEndpoint, demandBases } from './load-cells.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Steered answers, remembered: for each (service, family, client class) the decision's variants, composed once.
 *
 * An entry lives as long as its service's epoch stands still. Owners are pointers to the question, so all names of a
 * service share its entries, and nobody can fill the cache by asking for names. One cache a thread: nothing is locked.
 *
 *   slot[service, family, class] -> entry
 *   entry -> epoch, flags, variants: (upper bound of the draw, body, octets, records, where it counts), maybe a table of
 *            buckets, and where each record counts of variants whose records are of several pools
 *
 * A table of buckets is kept once for all entries that have it: the clients of many classes are served by the same
 * endpoints, and a table is as long as a thousand words.
 *
 * Entries, tables and bodies are only ever appended; when either store is full, all is forgotten and made again on demand.
 */
export class AnswerCache {
  readonly #slots: Int32Array
  readonly #slotBase: Int32Array
  /** By service. */
  readonly #seeds: Int32Array
  /** By endpoint: where answers with it count. */
  readonly #cells: Int32Array
  /** By service: the cell of its first class, or -1. */
  readonly #demandBases: Int32Array
  /** Positions of tables of buckets, by their hash. */
  readonly #tables = new Map<number, number>()
  #entries: Int32Array = new Int32Array(ENTRY_WORDS * 64)
  #entryEnd: number = FIRST_ENTRY
  #bodies: Uint8Array = new Uint8Array(BODY_OCTETS >> 7)
  #view: DataView = viewOf(this.#bodies)
  #bodyEnd = 0

  constructor(snapshot: Snapshot) {
    this.#slotBase = new Int32Array(snapshot.services.length)
    this.#seeds = new Int32Array(snapshot.services.length)
    let slots = 0
    for (const service of snapshot.services) {
      this.#seeds[service.index] = bucketSeed(service.name)
      this.#slotBase[service.index] = slots
      const classes = service.clientMap < 0 ? 1 : snapshot.maps[service.clientMap]!.classes.length
      slots += classes * 2
    }
    this.#slots = new Int32Array(slots)
    this.#cells = cellsByEndpoint(snapshot.services, snapshot.health.endpoints)
    this.#demandBases = demandBases(snapshot.services, snapshot.maps)
  }

  /** The words that hold entries, for `Entry` positions. */
  get entries(): Int32Array {
    return this.#entries
  }

  /** The octets that the variants' bodies lie in. */
  get bodies(): Uint8Array {
    return this.#bodies
  }

  /** The same octets, for copying. */
  get bodyOctets(): DataView {
    return this.#view
  }

  /** The entry of a service, family and class, or 0 when there is none that is still good. */
  find(service: number, isIpv6: boolean, clientClass: number, epoch: number): number {
    const entry = this.#slots[this.#slot(service, isIpv6, clientClass)]!
    return entry !== 0 && this.#entries[entry + Entry.epoch] === epoch ? entry : 0
  }

  /**
   * Composes a decision and remembers it under the epoch that was read before the decision was made: if the epoch moved
   * meanwhile, the entry is never found. Returns the entry.
   */
  put(key: CacheKey, decision: Decision, kind: EntryKind): number {
    const { variants, buckets } = decision
    const fixed = ENTRY_WORDS + variants.length * VARIANT_WORDS
    const records = variants.reduce((sum, { endpoints }) => sum + endpoints.length, 0)
    const words = fixed + (buckets === undefined ? 0 : PICK_WORDS + BUCKET_WORDS) + records
    const octets = octetsOf(variants)
    if (this.#entryEnd + words > ENTRIES_MAX || this.#bodyEnd + octets > BODY_OCTETS) this.#forget()
    this.#makeRoom(this.#entryEnd + words, this.#bodyEnd + octets)
    const entry = this.#entryEnd
    this.#entryEnd += buckets === undefined ? fixed : fixed + PICK_WORDS
    const entries = this.#entries
    entries[entry + Entry.epoch] = key.epoch
    entries[entry + Entry.flags] = flagsOf(decision)
    entries[entry + Entry.kind] = kind
    entries[entry + Entry.variants] = variants.length
    entries[entry + Entry.demand] = this.#demandCell(key)
    let shares = 0
    for (let i = 0; i < variants.length; i++) {
      const variant = variants[i]!
      const at = entry + ENTRY_WORDS + i * VARIANT_WORDS
      shares += variant.share
      entries[at + Variant.bound] = i === variants.length - 1 ? DRAW_MAX : drawBound(shares)
      entries[at + Variant.start] = this.#bodyEnd
      entries[at + Variant.records] = variant.endpoints.length
      entries[at + Variant.cell] = this.#keepCells(variant)
      const length = variantLength(variant)
      entries[at + Variant.length] = length
      // A longer one fits into no message: its length alone is enough to truncate it.
      if (length > MESSAGE_OCTETS_MAX) continue
      composeVariant(variant, decision.ttl, this.#bodies, this.#bodyEnd)
      this.#bodyEnd += length
    }
    if (buckets !== undefined) {
      entries[entry + fixed + PickWord.seed] = this.#seeds[key.service]!
      entries[entry + fixed + PickWord.table] = this.#keepBuckets(buckets)
    }
    this.#slots[this.#slot(key.service, key.isIpv6, key.clientClass)] = entry
    return entry
  }

  /** Position of the variant that a draw falls on. `random` is asked only where there is a choice. */
  draw(entry: number, random: () => number): number {
    const entries = this.#entries
    const first = entry + ENTRY_WORDS
    const count = entries[entry + Entry.variants]!
    if (count === 1) return first
    const draw = random() >>> 1
    const last = first + (count - 1) * VARIANT_WORDS
    let at = first
    while (at < last && draw >= entries[at + Variant.bound]!) at += VARIANT_WORDS
    return at
  }

  /** The seed of the client's hash, of an entry whose variants are picked by client. */
  seedOf(entry: number): number {
    return this.#entries[this.#pick(entry) + PickWord.seed]!
  }

  /** Position of the variant that a bucket holds, of an entry whose variants are picked by client. */
  variantOf(entry: number, bucket: number): number {
    const table = this.#entries[this.#pick(entry) + PickWord.table]!
    return entry + ENTRY_WORDS + bucketVariant(this.#entries, table, bucket) * VARIANT_WORDS
  }

  /** Where queries of the class are counted, of services whose load is placed; else -1. */
  #demandCell({ service, clientClass }: CacheKey): number {
    const base = this.#demandBases[service]!
    return base < 0 ? -1 : base + clientClass
  }

  #pick(entry: number): number {
    return entry + ENTRY_WORDS + this.#entries[entry + Entry.variants]! * VARIANT_WORDS
  }

  /** Writes a table at the end, where there is room for it, and leaves it there if it is new. Returns its position. */
  #keepBuckets(buckets: Uint8Array): number {
    const table = this.#entryEnd
    const hash = writeBuckets(buckets, this.#entries, table)
    const known = this.#tables.get(hash)
    if (known !== undefined && equalBuckets(this.#entries, known, table)) return known
    this.#tables.set(hash, table)
    this.#entryEnd += BUCKET_WORDS
    return table
  }

  /** The cell of a variant whose endpoints are all of one pool; else ~ the position of their cells, written at the end. */
  #keepCells({ endpoints }: SteeredVariant): number {
    const list = this.#entryEnd
    let isOfOne = true
    for (let i = 0; i < endpoints.length; i++) {
      this.#entries[list + i] = this.#cells[endpoints[i]!.index]!
      isOfOne &&= this.#entries[list + i] === this.#entries[list]
    }
    if (isOfOne) return this.#entries[list]!
    this.#entryEnd += endpoints.length
    return ~list
  }

  #slot(service: number, isIpv6: boolean, clientClass: number): number {
    return this.#slotBase[service]! + clientClass * 2 + (isIpv6 ? 1 : 0)
  }

  #forget(): void {
    this.#slots.fill(0)
    this.#tables.clear()
    this.#entryEnd = FIRST_ENTRY
    this.#bodyEnd = 0
  }

  /** Both stores begin small and double up to their bound: most servers have few services. */
  #makeRoom(entryEnd: number, bodyEnd: number): void {
    if (entryEnd > this.#entries.length) {
      const grown = new Int32Array(Math.min(ENTRIES_MAX, Math.max(entryEnd, this.#entries.length * 2)))
      grown.set(this.#entries)
      this.#entries = grown
    }
    if (bodyEnd > this.#bodies.length) {
      const grown = new Uint8Array(Math.min(BODY_OCTETS, Math.max(bodyEnd, this.#bodies.length * 2)))
      grown.set(this.#bodies)
      this.#bodies = grown
      this.#view = viewOf(grown)
    }
  }
}

/** Halved to 31 bits: the first draw behind variants that have so much of all answers together. */
function drawBound(shares: number): number {
  return Math.min(DRAW_MAX, Math.floor(shares * DRAW_RANGE))
}

/** Position of the variant that a draw of 32 bits falls on, as an entry finds it. There is one variant at least. */
export function drawnVariant({ variants }: Pick<Decision, 'variants'>, draw: number): number {
  let shares = 0
  const drawn = variants.slice(0, -1).findIndex(({ share }) => {
    shares += share
    return draw >>> 1 < drawBound(shares)
  })
  return drawn < 0 ? variants.length - 1 : drawn
}

/** What an answer is remembered under, and the service's epoch when it was decided. */
export interface CacheKey {
  readonly service: number
  readonly isIpv6: boolean
  readonly clientClass: number
  readonly epoch: number
}

/** Words of an entry, at its position in `entries`; its variants follow, and then how a client's is picked. */
export const Entry = { epoch: 0, flags: 1, kind: 2, variants: 3, demand: 4 } as const

/** Bits of an entry's flags: whether its client's class matters to it, and whether its variants are picked by client. */
export const EntryFlag = { dependsOnClient: 1, byClient: 2 } as const

/** From this bit on the flags hold the lengths of the network that stands for a client. */
export const KEY_SHIFT = 8

function flagsOf({ dependsOnClient, buckets, keyLengths }: Decision): number {
  const byClient = buckets === undefined ? 0 : EntryFlag.byClient | (packKeyLengths(keyLengths) << KEY_SHIFT)
  return (dependsOnClient ? EntryFlag.dependsOnClient : 0) | byClient
}

/** Words behind the variants that are picked by client: the seed of the hash, and where the table of buckets is. */
const PickWord = { seed: 0, table: 1 } as const
const PICK_WORDS = 2

/**
 * What an entry answers with. A `chain` starts with a CNAME that may lead to a name of our zones: that is another
 * question. A CNAME to elsewhere is a record like any other. An `alias` has names in place of addresses, which are looked
 * up for each question.
 */
export const EntryKind = { records: 0, nodata: 1, servfail: 2, chain: 3, alias: 4 } as const
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind]

/** Octets that the bodies of these variants take in the store. */
function octetsOf(variants: readonly SteeredVariant[]): number {
  let octets = 0
  for (const variant of variants) octets += Math.min(variantLength(variant), MESSAGE_OCTETS_MAX)
  return octets
}

/**
 * Words of a variant. `bound` is the first draw, halved to 31 bits, that belongs to the next variant. `cell` is where the
 * answer counts, or ~ the position of one for each record.
 */
export const Variant = { bound: 0, start: 1, length: 2, records: 3, cell: 4 } as const

const ENTRY_WORDS = 5
const VARIANT_WORDS = 5
/** Entry 0 stands for "none". */
const FIRST_ENTRY = 1
const DRAW_RANGE = 2 ** 31
const DRAW_MAX = 2 ** 31 - 1
/** Room for any decision: 64 variants (VARIANTS_MAX) of less than 64 kB are 4 MB. 8 MB are 100,000 variants of two IPv4 addresses, and more. */
const BODY_OCTETS = 8 << 20
const ENTRIES_MAX = 4 << 20
