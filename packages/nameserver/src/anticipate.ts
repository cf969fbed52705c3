import { EdnsOption, LABEL_OCTETS_MAX, Rtype } from '@windrose/dns'
import { firstEntry, touchEntry } from '@windrose/ip'
import { anticipateNodes, likelyHash, NO_NODE } from '@windrose/zone'
import { BODY_WORDS, Body } from './body-image.ts'
import type { Foresight, PacketBatch } from './foresight.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import type { Runtime } from './runtime.ts'

/**
 * Reads ahead what the queries of a batch will need, for all of them before any is answered.
 *
 * With many names or clients little of it is in the processor's caches, and main memory takes about as long for one load
 * as all other work on a query. A query needs several loads, each leading to the next; answered one by one, each query
 * waits for each of its own. Here a loop makes one such step for all queries: no load of a loop waits for another, and
 * the processor has a dozen of them under way at once.
 *
 *   slot of the index ─▶ node ─▶ its name, and ─▶ the client's entry in the trie, or the body ─▶ trie node, or octets
 *
 * Nothing but time depends on it: it takes a packet for what most are, one question and one OPT that begins with the
 * client subnet, and what it finds is not used. What is read is kept, so that no compiler leaves the reading out.
 */
export function anticipate(batch: PacketBatch, runtime: Runtime): void {
  const { zones, services, maps, bodies } = runtime.snapshot
  const { next, tries, clients, families } = runtime.foresight
  const { count, octets } = batch
  for (let i = 0; i < count; i++) next[i] = glanceAt(batch, i, runtime)
  let touched = anticipateNodes(zones, next, count)
  for (let i = 0; i < count; i++) {
    const answer = next[i]!
    if (answer >= 0) {
      const map = answer < services.length ? services[answer]!.clientMap : -1
      tries[i] = map < 0 ? NOTHING : map
      if (map >= 0) next[i] = firstEntry(maps[map]!.trie, octets, clients[i]!, families[i] === 4 ? 4 : 6)
    } else {
      tries[i] = answer === NO_NODE ? NOTHING : A_BODY
      if (answer !== NO_NODE) next[i] = bodies.words[~answer * BODY_WORDS + Body.start]!
    }
  }
  for (let i = 0; i < count; i++) {
    const map = tries[i]!
    if (map >= 0) touched ^= touchEntry(maps[map]!.trie, next[i]!)
    else if (map === A_BODY) touched ^= bodies.octets[next[i]!]!
  }
  runtime.foresight.touched = touched
}

/** In place of a client map: a body is what comes next, or nothing that is known. */
const A_BODY = -1
const NOTHING = -2

/** Notes where the client's address stands, and gives the hash of the name, 0 for a packet that has none. */
function glanceAt(batch: PacketBatch, i: number, runtime: Runtime): number {
  const { octets } = batch
  const { foresight } = runtime
  const start = batch.starts[i]! + HEADER_LENGTH
  const end = batch.starts[i]! + batch.lengths[i]!
  foresight.clients[i] = batch.sources[i]!
  foresight.families[i] = batch.family
  let at = start
  let labels = 0
  while (at < end) {
    const size = octets[at]!
    if (size === 0) break
    if (size > LABEL_OCTETS_MAX) return 0
    at += size + 1
    labels++
  }
  if (at >= end) return 0
  noteSubnet(batch, i, at + QUESTION_REST, end, foresight)
  return likelyHash(runtime.snapshot.zones, batch.view, start, at + 1, labels)
}

/** Root octet, type and class. */
const QUESTION_REST = 5
/** Octets from the beginning of an OPT to its first option, and from that to the address of a client subnet. */
const OPT_FIXED = 11
const SUBNET_ADDRESS = 8

function noteSubnet(batch: PacketBatch, i: number, opt: number, end: number, foresight: Foresight): void {
  const { octets } = batch
  const option = opt + OPT_FIXED
  // The two octets that a trie begins with must be there.
  if (option + SUBNET_ADDRESS + 2 > end) return
  if (octets[opt + 2] !== Rtype.OPT || octets[option + 1] !== EdnsOption.CLIENT_SUBNET) return
  foresight.clients[i] = option + SUBNET_ADDRESS
  foresight.families[i] = octets[option + 5] === 1 ? 4 : 6
}
