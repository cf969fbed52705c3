import { shortenReason } from '@windrose/health'
import fc from 'fast-check'
import { AgentTable } from '../agent-table.ts'
import type { TargetReport } from '../report-batch.ts'
import { cellKey, decodeReports, encodeReports, findCell, type ReportRecord, readCell } from './report-record.ts'
import { loadKey, targetKey } from './target-key.ts'

const anyTarget = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((a) => a.join(''))
const anyReport: fc.Arbitrary<TargetReport> = fc.record(
  {
    target: anyTarget,
    verdict: fc.constantFrom(0, 1, 2),
    since: fc.nat(2 ** 31).map((seconds) => seconds * 1000),
    stability: fc.nat(0xffff),
    reason: fc.string({ maxLength: 40 }),
    degraded: fc.constant(true),
  },
  { requiredKeys: ['target', 'verdict', 'since', 'stability', 'reason'] },
) as fc.Arbitrary<TargetReport>
const anyBatch = fc.record({
  incarnation: fc.nat(2 ** 32 - 1),
  sequence: fc.nat(2 ** 32 - 1),
  at: fc.nat(2 ** 48 - 1),
  reports: fc.uniqueArray(anyReport, { selector: ({ target }) => targetKey(target), maxLength: 40 }),
})

const FRAME = { agent: 'a', vantage: 'eu', incarnation: 1, sequence: 1, target: '', at: 1 }

function decoded(octets: Uint8Array): ReportRecord {
  const record = decodeReports(octets)
  if ('problem' in record) throw new Error(record.problem)
  return record
}

describe('reports in octets', () => {
  test('say what they were made of', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        const record = decoded(encodeReports(batch))
        expect(record).toMatchObject({ incarnation: batch.incarnation, sequence: batch.sequence, at: batch.at })
        expect(record.count).toBe(batch.reports.length)
        for (const { target, ...said } of batch.reports) {
          expect(readCell(record, findCell(record, targetKey(target)), { ...FRAME, target })).toEqual({
            ...FRAME,
            degraded: false,
            ...said,
            target,
          })
        }
      }),
    )
  })

  test('are the same whatever order they were said in', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        const turned = [...batch.reports].reverse().map((report) => ({ ...report, reason: 'same' }))
        const straight = batch.reports.map((report) => ({ ...report, reason: 'same' }))
        expect(encodeReports({ ...batch, reports: turned })).toEqual(encodeReports({ ...batch, reports: straight }))
      }),
    )
  })

  test('have no cell for a target that they do not speak of', () => {
    fc.assert(
      fc.property(anyBatch, anyTarget, (batch, target) => {
        const isThere = batch.reports.some((report) => targetKey(report.target) === targetKey(target))
        expect(findCell(decoded(encodeReports(batch)), targetKey(target)) >= 0).toBe(isThere)
      }),
    )
  })

  test('take sixteen octets for a target, and its text once', () => {
    const reports = Array.from({ length: 1000 }, (_, i) => ({
      target: i.toString(16).padStart(12, '0').padEnd(32, '0'),
      verdict: 1 as const,
      since: 0,
      stability: 30,
      reason: 'status 200',
    }))
    const octets = encodeReports({ incarnation: 1, sequence: 1, at: 1, reports })
    expect(octets).toHaveLength(22 + 11 + 16 * 1000)
  })

  test('say which targets are dropped', () => {
    const record = decoded(
      encodeReports({ incarnation: 1, sequence: 1, at: 1, reports: [], dropped: ['f'.repeat(32)] }),
    )
    expect(cellKey(record, 0)).toBe(2 ** 48 - 1)
    expect(readCell(record, 0, FRAME)).toBeUndefined()
  })

  test('keep as much of a long reason as verdicts do', () => {
    const reports = [
      { target: '0'.repeat(32), verdict: 2 as const, since: 0, stability: 0, reason: '\u00e9'.repeat(200) },
    ]
    const cell = readCell(decoded(encodeReports({ incarnation: 1, sequence: 1, at: 1, reports })), 0, FRAME)
    expect(cell!.reason).toBe(shortenReason('\u00e9'.repeat(200)))
    expect(cell!.reason).toMatch(/^\u00e9{58}\u2026$/)
  })

  test('that are cut off anywhere are refused', () => {
    const batch = { incarnation: 1, sequence: 1, at: 1, reports: fc.sample(anyReport, { numRuns: 3, seed: 7 }) }
    const octets = encodeReports(batch)
    for (let length = 0; length < octets.length; length++) {
      expect(decodeReports(octets.slice(0, length))).toHaveProperty('problem')
    }
    expect(decodeReports(Uint8Array.from([...octets, 0]))).toHaveProperty('problem')
  })

  test('that are anything at all are read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (octets, isOurs) => {
        if (isOurs && octets.length > 0) octets[0] = 1
        const record = decodeReports(octets)
        if ('problem' in record) return
        for (let cell = 0; cell < record.count; cell++) readCell(record, cell, FRAME)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    [Uint8Array.of(9, ...new Uint8Array(21)), 'format 9, not 1: written by another version'],
    [new Uint8Array(5 * 2 ** 20), /more than/],
    [Uint8Array.of(1, ...new Uint8Array(20), 1), '0 octets of cells where 1 cells are announced'],
  ])('that nobody should take are refused with the reason', (octets, problem) => {
    expect(decodeReports(octets)).toEqual({
      problem: problem instanceof RegExp ? expect.stringMatching(problem) : problem,
    })
  })

  test('with a target twice are refused', () => {
    const octets = encodeReports({
      incarnation: 1,
      sequence: 1,
      at: 1,
      reports: ['0', '1'].map((digit) => ({
        target: digit.repeat(32),
        verdict: 1 as const,
        since: 0,
        stability: 0,
        reason: '',
      })),
    })
    octets.copyWithin(octets.length - 16, octets.length - 32, octets.length - 16)
    expect(decodeReports(octets)).toEqual({ problem: 'cells are not in ascending order' })
  })
})

test('a load goes with its report, or why there is none, to 24 bits; what else a record says is the same', () => {
  const anyLoad = fc.oneof(
    fc.record({ figure: fc.float({ min: 0, max: Math.fround(1e9), noNaN: true }) }),
    fc.record({ problem: fc.string({ minLength: 1, maxLength: 30 }) }),
  )
  fc.assert(
    fc.property(
      anyBatch,
      fc.array(fc.option(anyLoad, { nil: undefined }), { minLength: 40, maxLength: 40 }),
      (batch, loads) => {
        const reports = batch.reports.map((report, i) => ({ ...report, load: loads[i] }))
        const table = new AgentTable(decoded(encodeReports({ ...batch, reports })))
        for (const { target, load, ...said } of reports) {
          const read = table.report(targetKey(target), 'a', 'eu', target)
          expect(read).toMatchObject(said)
          expect(read?.load).toEqual(load)
        }
      },
    ),
  )
})

test('a reader that knows no loads takes their cells for targets that it does not have', () => {
  const target = '0123456789abcdef0123456789abcdef'
  const said = { target, verdict: 1 as const, since: 0, stability: 1, reason: 'ok', load: { figure: 7 } }
  const record = decoded(encodeReports({ incarnation: 1, sequence: 1, at: 1, reports: [said] }))
  expect([record.count, loadKey(target)]).toEqual([2, 0xcdef01234567])
  expect(readCell(record, findCell(record, targetKey(target)), { ...FRAME, target })?.verdict).toBe(1)
})
