import { Writer } from '@windrose/dns'
import { createLookup, type Lookup, QnameScan } from '@windrose/zone'
import { AnswerCache } from './answer-cache.ts'
import { COUNTER_CELLS } from './counters.ts'
import { viewOf } from './exchange.ts'
import { Foresight } from './foresight.ts'
import { Client } from './identify-client.ts'
import { countLoadCells } from './load-cells.ts'
import { Slice } from './slice.ts'
import type { Snapshot } from './snapshot.ts'

/** What the path is handed because it may not reach for it: made once a thread. */
export interface Ambient {
  /** 32 bits that clients cannot predict well enough to steer, as an integer. A signed one is never boxed. */
  readonly random: () => number
  /** COUNTER_CELLS cells, written by this thread alone. */
  readonly counters: Float64Array
}

/** A thread's working set: what it was handed, its scratch values and its answer cache. */
export class Runtime {
  readonly random: () => number
  readonly counters: Float64Array
  readonly found: Lookup = createLookup()
  readonly client: Client = new Client()
  /** Points at what is copied next. */
  readonly slice: Slice = new Slice()
  /** Composes answers that no cache holds. */
  readonly writer: Writer = new Writer(new Uint8Array(0))
  /** For names that come after the question's: the targets of CNAME and DNAME. */
  readonly chainName: QnameScan = new QnameScan()
  /** Aliases that are being followed within each other. */
  aliasDepth = 0
  readonly foresight: Foresight = new Foresight()
  #snapshot: Snapshot
  #bodyOctets: DataView
  #cache: AnswerCache
  #load: Float64Array

  /** `load` is where answers are counted by pool, countLoadCells() cells; left out, this thread counts for itself alone. */
  constructor(ambient: Ambient, snapshot: Snapshot, load?: Float64Array) {
    this.random = ambient.random
    this.counters = ambient.counters
    this.#snapshot = snapshot
    this.#bodyOctets = viewOf(snapshot.bodies.octets)
    this.#cache = new AnswerCache(snapshot)
    this.#load = load ?? loadOf(snapshot)
  }

  get snapshot(): Snapshot {
    return this.#snapshot
  }

  /** The octets of the snapshot's bodies. */
  get bodyOctets(): DataView {
    return this.#bodyOctets
  }

  get cache(): AnswerCache {
    return this.#cache
  }

  /** By pool of the snapshot: the answers that led there; then, where load is placed, by class: the queries. */
  get load(): Float64Array {
    return this.#load
  }

  /** Takes a new snapshot and the cells to count for it; what was remembered belongs to the old one and goes with it. */
  take(snapshot: Snapshot, load?: Float64Array): void {
    this.#snapshot = snapshot
    this.#bodyOctets = viewOf(snapshot.bodies.octets)
    this.#cache = new AnswerCache(snapshot)
    this.#load = load ?? loadOf(snapshot)
  }
}

function loadOf({ services, maps }: Snapshot): Float64Array {
  return new Float64Array(countLoadCells(services, maps))
}

/** An Ambient for a thread that counts for itself alone. */
export function ambientFrom(random: () => number): Ambient {
  return { random, counters: new Float64Array(COUNTER_CELLS) }
}
