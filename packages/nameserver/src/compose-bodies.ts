import { type Name, Rcode, Rtype, Writer } from '@windrose/dns'
import {
  nodeZone,
  rrsetCount,
  rrsetNode,
  rrsetType,
  type ZoneImage,
  zoneApexLength,
  zoneCount,
  zoneSoa,
} from '@windrose/zone'
import type { Answer } from './answer.ts'
import { BODY_WORDS, Body, type BodyImage } from './body-image.ts'
import { composeAnswer } from './compose-answer.ts'
import { ownerName } from './image-records.ts'
import { negativeAnswer, positiveAnswer, referralAnswer } from './static-answer.ts'

/** Composes the static response of every RRset and the negative response of every zone. Once a snapshot. */
export function composeBodies(image: ZoneImage): BodyImage {
  const rrsets = rrsetCount(image)
  const zones = zoneCount(image)
  const store = new BodyStore(rrsets + zones)
  for (let rrset = 0; rrset < rrsets; rrset++) composeRrset(image, rrset, store)
  for (let zone = 0; zone < zones; zone++) {
    const apex = ownerName(image, zoneSoa(image, zone))
    store.addMovable(rrsets + zone, apex, () => negativeAnswer(image, zone, Rcode.NOERROR))
  }
  return store.image(rrsets)
}

function composeRrset(image: ZoneImage, rrset: number, store: BodyStore): void {
  const owner = ownerName(image, rrset)
  const apexLength = zoneApexLength(image, nodeZone(image, rrsetNode(image, rrset)))
  const isCut = rrsetType(image, rrset) === Rtype.NS && owner.length !== apexLength
  if (isCut) store.addMovable(rrset, owner, () => referralAnswer(image, rrset))
  else if (isWildcard(owner)) store.addMovable(rrset, owner.subarray(2), (qname) => positiveAnswer(image, rrset, qname))
  else store.addFixed(rrset, owner, positiveAnswer(image, rrset, owner))
}

function isWildcard(owner: Name): boolean {
  return owner[0] === 1 && owner[1] === 0x2a
}

//----------- The store -------------------------------------------------------

const QUESTION_START = 12
const MESSAGE_MAX = 65535

/** Bodies as they are added: growing arrays, frozen into shared memory at the end. */
class BodyStore {
  readonly #words: number[]
  readonly #pointers: number[] = []
  #octets: Uint8Array = new Uint8Array(1 << 16)
  #used = 0
  readonly #writer: Writer = new Writer(new Uint8Array(MESSAGE_MAX))

  constructor(bodies: number) {
    this.#words = new Array(bodies * BODY_WORDS).fill(0)
  }

  /** A body that only ever answers one name. */
  addFixed(body: number, qname: Name, answer: Answer): void {
    this.#append(body, qname, answer)
  }

  /**
   * A body for any question that ends in `suffix`. Composed behind two questions of neighbouring lengths: where the two
   * differ, and only there, stands a pointer into the question or behind it.
   */
  addMovable(body: number, suffix: Name, answerTo: (qname: Name) => Answer): void {
    const longer = prepend([2, PLACEHOLDER, PLACEHOLDER], suffix)
    const moved = this.#compose(longer, answerTo(longer)).octets.slice()
    const shorter = prepend([1, PLACEHOLDER], suffix)
    const start = this.#append(body, shorter, answerTo(shorter))
    const firstPointer = this.#pointers.length
    this.#pointers.push(...movingPointers(this.#octets.subarray(start, this.#used), moved))
    this.#set(body, Body.pointers, firstPointer)
    this.#set(body, Body.pointerCount, this.#pointers.length - firstPointer)
  }

  image(rrsets: number): BodyImage {
    const bodyWords = this.#words.length
    for (let at = Body.pointers; at < bodyWords; at += BODY_WORDS) this.#words[at]! += bodyWords
    const words = new Int32Array(new SharedArrayBuffer((bodyWords + this.#pointers.length) * 4))
    words.set(this.#words)
    words.set(this.#pointers, bodyWords)
    const octets = new Uint8Array(new SharedArrayBuffer(this.#used))
    octets.set(this.#octets.subarray(0, this.#used))
    return { words, octets, rrsets }
  }

  #append(body: number, qname: Name, answer: Answer): number {
    const { octets, required, additionals, requiredAdditionals } = this.#compose(qname, answer)
    const start = this.#reserve(octets.length)
    this.#octets.set(octets, start)
    this.#set(body, Body.start, start)
    this.#set(body, Body.length, octets.length)
    this.#set(body, Body.required, required)
    this.#set(body, Body.authoritative, answer.authoritative ? 1 : 0)
    this.#set(body, Body.answers, answer.answers.length)
    this.#set(body, Body.authorities, answer.authorities.length)
    this.#set(body, Body.additionals, additionals)
    this.#set(body, Body.requiredAdditionals, requiredAdditionals)
    this.#set(body, Body.qnameLength, qname.length)
    return start
  }

  #compose(
    qname: Name,
    answer: Answer,
  ): { octets: Uint8Array; required: number; additionals: number; requiredAdditionals: number } {
    const writer = this.#writer
    writer.reset(writer.octets, 0, MESSAGE_MAX)
    writer.position = QUESTION_START
    writer.name(qname, true)
    writer.u32(0)
    const start = writer.position
    const composed = composeAnswer(answer, writer)
    return {
      octets: writer.octets.subarray(start, writer.position),
      required: composed.required - start,
      additionals: composed.additionals,
      requiredAdditionals: composed.requiredAdditionals,
    }
  }

  #reserve(length: number): number {
    const start = this.#used
    this.#used += length
    if (this.#used > this.#octets.length) {
      const grown = new Uint8Array(Math.max(this.#used, this.#octets.length * 2))
      grown.set(this.#octets.subarray(0, start))
      this.#octets = grown
    }
    return start
  }

  #set(body: number, word: number, value: number): void {
    this.#words[body * BODY_WORDS + word] = value
  }
}

/**
 * Where the pointers stand that move with the question, from two compositions whose questions differ by one octet. The
 * low octet of such a pointer always differs, the high octet only when the low one wraps.
 */
function movingPointers(shorter: Uint8Array, longer: Uint8Array): number[] {
  const positions: number[] = []
  for (let i = 0; i < shorter.length; i++) {
    const wrapsNext = shorter[i + 1] === 0xff && longer[i + 1] === 0x00
    if (shorter[i] !== longer[i] && !wrapsNext) positions.push(i - 1)
  }
  return positions
}

/** An octet that no sane label is made of, so that no name in the zone is compressed against the placeholder. */
const PLACEHOLDER = 0xff

function prepend(label: readonly number[], suffix: Name): Name {
  const name = new Uint8Array(label.length + suffix.length)
  name.set(label)
  name.set(suffix, label.length)
  return name
}
