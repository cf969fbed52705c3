import { FULL_RAMP, type RampStep, type Verdict } from '@windrose/steering'
import { OctetReader } from './octet-reader.ts'
import { OctetWriter } from './octet-writer.ts'
import { shortenReason } from './shorten-reason.ts'
import { type TargetState, UNSEEN, type ViewState } from './target-state.ts'

/**
 * The record of one target's state. Whole numbers are of variable length (see OctetWriter).
 *
 *   octet     version, 1
 *   count     the latest time that is in it, epoch milliseconds; every other time is how much earlier it is, plus 1, and 0
 *             is none
 *   count     reasons, then each as length and UTF-8; views name them by number
 *   count     vantages
 *   view      the global one
 *   text view for each vantage, ordered by name
 *
 * A view is two octets of flags, then those of its fields that the second one announces:
 *
 *   first     bits 0-1 verdict, 2-3 what was voted, 4 degraded, 5 stale, 6 suspect; bit 7 is 0
 *   second    bit 0 up since another time than `since`, 1 failed at, 2 penalty and its time, 3 suppressed until,
 *             4 held until, 5 ramp step and its time, 6 review at, 7 fell at
 *   counts    stability in seconds, `since`, the reason's number, then the announced ones in their order
 */
export function encodeTargetState(state: TargetState): Uint8Array {
  const names = [...state.vantages.keys()].sort()
  const views = [state.global, ...names.map((name) => state.vantages.get(name)!)]
  const reasons = [...new Set(views.map(({ reason }) => shortenReason(reason)))]
  const base = Math.max(...views.flatMap(timesOf))
  const writer = new OctetWriter()
  writer.octet(VERSION)
  writer.count(base)
  writer.count(reasons.length)
  for (const reason of reasons) writer.text(reason)
  writer.count(names.length)
  for (const [i, view] of views.entries()) {
    if (i > 0) writer.text(names[i - 1]!)
    writeView(writer, view, base, reasons)
  }
  return writer.finish()
}

/** Reads a record. Whatever the octets are, it ends and does not throw; what it does not understand it refuses. */
export function decodeTargetState(octets: Uint8Array): TargetState | { readonly problem: string } {
  const reader = new OctetReader(octets)
  const version = reader.octet()
  if (reader.isFaulty) return { problem: 'an empty record' }
  if (version !== VERSION) {
    const newer = version > VERSION ? ': a newer windrose wrote it' : ''
    return { problem: `a record of format version ${version}, and this windrose reads version ${VERSION}${newer}` }
  }
  const base = reader.count()
  const reasons = readTexts(reader)
  const read = (): ViewState => readView(reader, base, reasons)
  const vantageCount = reader.count()
  const global = read()
  const vantages = new Map<string, ViewState>()
  for (let i = 0; i < vantageCount && !reader.isFaulty; i++) {
    const name = reader.text()
    if (name === '' || vantages.has(name)) reader.fail()
    vantages.set(name, read())
  }
  if (reader.isFaulty) return { problem: 'a record that is damaged or cut short' }
  if (reader.left > 0) return { problem: `a record with ${reader.left} octets after its end` }
  return { global, vantages }
}

const VERSION = 1

const HAS = {
  upSince: 1,
  failedAt: 2,
  penalty: 4,
  suppressedUntil: 8,
  heldUntil: 16,
  ramp: 32,
  reviewAt: 64,
  fellAt: 128,
} as const

function timesOf(view: ViewState): number[] {
  const { since, upSince, failedAt, penaltyAt, suppressedUntil, heldUntil, rampAt, reviewAt, fellAt } = view
  return [since, upSince, failedAt, fellAt, penaltyAt, suppressedUntil, heldUntil, rampAt, reviewAt]
}

function writeView(writer: OctetWriter, view: ViewState, base: number, reasons: readonly string[]): void {
  const time = (at: number): void => writer.count(at === 0 ? 0 : base - at + 1)
  const { verdict, voted, degraded, stale, suspect } = view
  const has =
    (view.upSince === view.since ? 0 : HAS.upSince) |
    (view.failedAt === 0 ? 0 : HAS.failedAt) |
    (view.penalty === 0 && view.penaltyAt === 0 ? 0 : HAS.penalty) |
    (view.suppressedUntil === 0 ? 0 : HAS.suppressedUntil) |
    (view.heldUntil === 0 ? 0 : HAS.heldUntil) |
    (view.ramp === FULL_RAMP && view.rampAt === 0 ? 0 : HAS.ramp) |
    (view.reviewAt === 0 ? 0 : HAS.reviewAt) |
    (view.fellAt === 0 ? 0 : HAS.fellAt)
  writer.octet(verdict | (voted << 2) | (degraded ? 0x10 : 0) | (stale ? 0x20 : 0) | (suspect ? 0x40 : 0))
  writer.octet(has)
  writer.count(view.stability)
  time(view.since)
  writer.count(reasons.indexOf(shortenReason(view.reason)))
  if (has & HAS.upSince) time(view.upSince)
  if (has & HAS.failedAt) time(view.failedAt)
  if (has & HAS.penalty) {
    writer.count(view.penalty)
    time(view.penaltyAt)
  }
  if (has & HAS.suppressedUntil) time(view.suppressedUntil)
  if (has & HAS.heldUntil) time(view.heldUntil)
  if (has & HAS.ramp) {
    writer.octet(view.ramp)
    time(view.rampAt)
  }
  if (has & HAS.reviewAt) time(view.reviewAt)
  if (has & HAS.fellAt) time(view.fellAt)
}

function readView(reader: OctetReader, base: number, reasons: readonly string[]): ViewState {
  const flags = reader.octet()
  const has = reader.octet()
  if (flags >= 0x80) reader.fail()
  const time = (): number => {
    const earlier = reader.count()
    if (earlier > base + 1) return reader.fail()
    return earlier === 0 ? 0 : base - earlier + 1
  }
  const timeIf = (bit: number): number => (has & bit ? time() : 0)
  const stability = reader.count()
  const since = time()
  const reason = reasons[reader.count()]
  if (reason === undefined) reader.fail()
  const upSince = has & HAS.upSince ? time() : since
  const failedAt = timeIf(HAS.failedAt)
  const penalty = has & HAS.penalty ? reader.count() : 0
  const penaltyAt = timeIf(HAS.penalty)
  const suppressedUntil = timeIf(HAS.suppressedUntil)
  const heldUntil = timeIf(HAS.heldUntil)
  const ramp = has & HAS.ramp ? reader.octet() : FULL_RAMP
  if (ramp > 3) reader.fail()
  const rampAt = timeIf(HAS.ramp)
  const reviewAt = timeIf(HAS.reviewAt)
  const fellAt = timeIf(HAS.fellAt)
  return {
    ...UNSEEN,
    verdict: verdictOf(reader, flags),
    voted: verdictOf(reader, flags >> 2),
    degraded: (flags & 0x10) !== 0,
    stale: (flags & 0x20) !== 0,
    suspect: (flags & 0x40) !== 0,
    since,
    stability,
    reason: reason ?? '',
    upSince,
    failedAt,
    penalty,
    penaltyAt,
    suppressedUntil,
    heldUntil,
    ramp: ramp as RampStep,
    rampAt,
    reviewAt,
    fellAt,
  }
}

function verdictOf(reader: OctetReader, bits: number): Verdict {
  const verdict = bits & 0b11
  return (verdict === 3 ? reader.fail() : verdict) as Verdict
}

function readTexts(reader: OctetReader): string[] {
  const count = reader.count()
  const texts: string[] = []
  while (texts.length < count && !reader.isFaulty) texts.push(reader.text())
  return texts
}
