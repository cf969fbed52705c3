import { composeRdata, MESSAGE_OCTETS_MAX, NAME_OCTETS_MAX, type Name, type Rr, Writer } from '@windrose/dns'
import type { Answer } from './answer.ts'
import { BODY_WORDS, Body, type BodyImage } from './body-image.ts'
import { type Composed, composeAnswer } from './compose-answer.ts'
import { HEADER_LENGTH } from './parse-query.ts'

/** Bodies as they are added: growing arrays, put into shared memory at the end. */
export class BodyStore {
  readonly #words: number[]
  readonly #pointers: number[] = []
  #octets: Uint8Array = new Uint8Array(1 << 16)
  #used = 0
  readonly #writer: Writer = new Writer(new Uint8Array(COMPOSED_MAX))

  constructor(bodies: number) {
    this.#words = new Array(bodies * BODY_WORDS).fill(0)
  }

  /** A body that only ever answers this name. Names in it may be compressed against all of the question. */
  addExact(body: number, qname: Name, answer: Answer): void {
    const start = this.#openMessage(0, qname)
    this.#append(body, qname.length, this.#finish(start, composeAnswer(answer, this.#writer)), answer)
  }

  /** A body for every question that is `suffix` or ends with it. */
  addBelow(body: number, suffix: Name, answer: Answer): void {
    this.#addMovable(body, suffix, answer, () => composeAnswer(answer, this.#writer))
  }

  /** As addBelow, but what answers is owned by the question's name, whatever owner the answer names. */
  addSynthesised(body: number, suffix: Name, answer: Answer): void {
    const rest = { ...answer, answers: [] }
    this.#addMovable(body, suffix, answer, () => {
      for (const record of answer.answers) composeForQuestion(record, this.#writer)
      return composeAnswer(rest, this.#writer)
    })
  }

  /** Notes that the body is not the whole answer. */
  markLeadingOn(body: number): void {
    this.#set(body, Body.leadsOn, 1)
  }

  /** All that was added, on shared memory of exactly its size. */
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

  /**
   * Composes behind a question of the greatest length, so that pointers only ever move down, and behind one that is an
   * octet longer still: where the two differ, and only there, stands a pointer that moves. They differ otherwise only if
   * a name lies just where pointers end to reach; with other lengths it does not.
   */
  #addMovable(body: number, suffix: Name, answer: Answer, compose: () => Composed): void {
    for (let filler = NAME_OCTETS_MAX - suffix.length; ; filler++) {
      const longer = this.#finish(this.#openMessage(filler + 1, suffix), compose()).octets.slice()
      const finished = this.#finish(this.#openMessage(filler, suffix), compose())
      if (finished.octets.length !== longer.length) continue
      const firstPointer = this.#pointers.length
      for (const position of movingPointers(finished.octets, longer)) this.#pointers.push(position)
      this.#append(body, filler + suffix.length, finished, answer)
      this.#set(body, Body.pointers, firstPointer)
      this.#set(body, Body.pointerCount, this.#pointers.length - firstPointer)
      return
    }
  }

  /**
   * Begins a message whose question has `filler` octets in front of `suffix`. The filler is not composed as labels, so
   * that no name is compressed against it. Returns where the body begins.
   */
  #openMessage(filler: number, suffix: Name): number {
    const writer = this.#writer
    writer.reset(writer.octets, 0, COMPOSED_MAX)
    writer.position = HEADER_LENGTH + filler
    writer.name(suffix, true)
    writer.u32(0)
    return writer.position
  }

  #finish(start: number, composed: Composed): FinishedBody {
    const writer = this.#writer
    // What does not fit even here fits into no message: it is never sent, and always truncated.
    const octets = writer.full ? new Uint8Array(0) : writer.octets.subarray(start, writer.position)
    return { composed, octets, required: writer.full ? COMPOSED_MAX : composed.required - start }
  }

  #append(body: number, qnameLength: number, finished: FinishedBody, answer: Answer): void {
    const { composed, octets, required } = finished
    const start = this.#reserve(octets.length)
    this.#octets.set(octets, start)
    this.#set(body, Body.start, start)
    this.#set(body, Body.length, octets.length)
    this.#set(body, Body.required, required)
    this.#set(body, Body.authoritative, answer.authoritative ? 1 : 0)
    this.#set(body, Body.answers, answer.answers.length)
    this.#set(body, Body.authorities, answer.authorities.length)
    this.#set(body, Body.additionals, composed.additionals)
    this.#set(body, Body.requiredAdditionals, composed.requiredAdditionals)
    this.#set(body, Body.qnameLength, qnameLength)
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

interface FinishedBody {
  readonly composed: Composed
  readonly octets: Uint8Array
  readonly required: number
}

/** A record whose owner is the whole question. */
function composeForQuestion(record: Rr, writer: Writer): void {
  writer.u16(0xc000 | HEADER_LENGTH)
  writer.u16(record.rtype)
  writer.u16(record.rclass)
  writer.u32(record.ttl)
  composeRdata(writer, record.rtype, record.rdata)
}

/**
 * Where the pointers stand that move with the question, from two compositions whose questions differ by one octet. The
 * low octet of such a pointer always differs, the high octet only when the low one wraps.
 */
function movingPointers(octets: Uint8Array, longer: Uint8Array): number[] {
  const positions: number[] = []
  for (let i = 0; i < octets.length; i++) {
    const wrapsNext = octets[i + 1] === 0xff && longer[i + 1] === 0x00
    if (octets[i] !== longer[i] && !wrapsNext) positions.push(i - 1)
  }
  return positions
}

/** The largest message behind the longest question, and some more: whether a body fits is decided when it is sent. */
const COMPOSED_MAX = MESSAGE_OCTETS_MAX + 1 + 2 * NAME_OCTETS_MAX
