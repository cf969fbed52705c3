import fc from 'fast-check'
import { allSteps } from './all-steps.ts'
import { assertAlways } from './assert-always.arbitraries.ts'
import type { ClientClass } from './client-class.ts'
import { decide } from './decide.ts'
import { type Decision, type Stage, VARIANTS_MAX } from './decision.ts'
import { DRAINED, FORCED, type HealthTable, STABILITY_MAX, VERDICT_MASK, Verdict } from './health-table.ts'
import { anyClient, anyScene, type Scene, served } from './scenes.arbitraries.ts'
import type { Endpoint, Family, Service, Step } from './service.ts'

/**
 * What every policy promises, whatever its steps, over random services, verdicts and clients.
 *
 * The suite reads cells and pools in its own way, so it does not share mistakes with the code.
 */
export function obeysPolicyLaws(name: string, kinds: fc.Arbitrary<readonly Step['kind'][]>): void {
  const anyQuestion = fc.record({
    scene: kinds.chain(anyScene),
    family: fc.constantFrom<Family>('ipv4', 'ipv6'),
    client: anyClient,
  })

  const holds = (law: string, check: (facts: Facts) => void): void =>
    test(law, () =>
      assertAlways(
        fc.property(anyQuestion, (question) => check(readFacts(question))),
        RUNS,
      ),
    )

  describe(`the policy ${name}`, () => {
    holds('serves nothing that is down while an eligible endpoint is up, but in panic', ({ decision, rows }) => {
      const someUp = rows.some((row) => row.isEligible && row.verdict === Verdict.up)
      if (someUp && decision.variants.length > 0) expect(['up', 'panic']).toContain(decision.ground)
      if (decision.ground === 'up') for (const row of servedRows(decision, rows)) expect(row.verdict).toBe(Verdict.up)
    })

    holds(
      'panics only if no pool has enough up, and then serves only pools with something up',
      ({ decision, rows, service }) => {
        const weight = (pool: number, verdict: number) => poolWeight(rows, pool, verdict)
        const hasEnough = (pool: number) => {
          const up = weight(pool, Verdict.up)
          return up > 0 && up + 1e-9 >= service.panic * (up + weight(pool, Verdict.down))
        }
        if (decision.ground === 'up')
          for (const row of servedRows(decision, rows)) expect(hasEnough(row.pool)).toBe(true)
        if (decision.ground !== 'panic') return
        expect(rows.some((row) => hasEnough(row.pool))).toBe(false)
        for (const row of servedRows(decision, rows)) expect(weight(row.pool, Verdict.up)).toBeGreaterThan(0)
      },
    )

    holds('serves everything that it considers of a pool in panic', ({ decision, rows, service }) => {
      if (decision.ground !== 'panic' || service.answers !== Number.POSITIVE_INFINITY) return
      if (rows.some((row) => row.endpoint.kind === 'name' || row.endpoint.group !== undefined)) return
      const chosen = servedRows(decision, rows)
      const pools = new Set(chosen.map((row) => row.pool))
      expect(chosen.length).toBe(rows.filter((row) => row.isEligible && pools.has(row.pool)).length)
    })

    holds(
      'is never empty unless there is no such endpoint or the operator asked for it',
      ({ decision, rows, service, lacksFamily }) => {
        if (decision.variants.length > 0) return
        if (lacksFamily) {
          expect(['nodata', service.onAllDown]).toContain(decision.empty)
          return
        }
        const servable = rows.filter((row) => !row.isForcedDown)
        if (decision.ground === 'none') {
          expect(servable).toEqual([])
          expect(decision.empty).toBe('nodata')
        } else {
          expect(decision.ground).toBe('all-down')
          expect(service.onAllDown).toBe(decision.empty)
          expect(servable.every((row) => row.verdict === Verdict.down)).toBe(true)
        }
      },
    )

    holds(
      'serves what is down when all is down, if the operator leaves it so',
      ({ decision, rows, service, lacksFamily }) => {
        if (service.onAllDown === 'serve_all' && !lacksFamily)
          expect(decision.variants.length > 0).toBe(rows.some((row) => !row.isForcedDown))
      },
    )

    holds('never serves weight 0, another family, or what is forced down', ({ decision, rows }) => {
      for (const row of servedRows(decision, rows)) expect(row.isForcedDown).toBe(false)
      expect(servedRows(decision, rows).length).toBe(served(decision).length)
    })

    holds('serves a drained endpoint only when nothing else is up or unknown', ({ decision, rows }) => {
      if (!servedRows(decision, rows).some((row) => row.isDrained)) return
      expect(rows.every((row) => !row.isEligible || row.verdict === Verdict.down)).toBe(true)
    })

    holds('serves an endpoint on standby only when nothing else is up', ({ decision, rows }) => {
      if (!servedRows(decision, rows).some((row) => row.isStandby)) return
      expect(rows.filter((row) => row.isEligible && row.verdict === Verdict.up)).toEqual([])
    })

    holds('serves a held pool only when no other has enough up', ({ decision, rows, service }) => {
      if (decision.ground !== 'up') return
      const enough = (pool: number) => {
        const up = poolWeight(rows, pool, Verdict.up)
        return up > 0 && up + 1e-9 >= service.panic * (up + poolWeight(rows, pool, Verdict.down))
      }
      const isHeld = (pool: number) => rows.some((row) => row.pool === pool && row.isEligible && row.isHeld)
      if (!servedRows(decision, rows).some((row) => isHeld(row.pool))) return
      for (const { pool } of rows) if (enough(pool)) expect(isHeld(pool)).toBe(true)
    })

    holds('answers no two endpoints of a group together', ({ decision }) => {
      for (const { endpoints } of decision.variants) {
        const groups = endpoints.flatMap(({ group }) => group ?? [])
        expect(new Set(groups).size).toBe(groups.length)
      }
    })

    holds('serves an unknown endpoint beside one that is up only in panic', ({ decision, rows }) => {
      const verdicts = new Set(servedRows(decision, rows).map((row) => row.verdict))
      if (verdicts.has(Verdict.up) && verdicts.has(Verdict.unknown)) expect(decision.ground).toBe('panic')
    })

    holds('serves an unknown endpoint on no better ground than `panic` while one is up', ({ decision, rows }) => {
      if (decision.ground === 'unknown') {
        expect(rows.some((row) => (row.isEligible || row.isStandby) && row.verdict === Verdict.up)).toBe(false)
        // A light one of a heavy group can have too small a share for a decision to hold.
        if (rows.some(({ endpoint }) => endpoint.group !== undefined) || decision.variants.length === 0) return
        expect(servedRows(decision, rows).some((row) => row.verdict === Verdict.unknown)).toBe(true)
      }
    })

    holds('has shares above 0 that sum to 1, and a bounded number of variants', ({ decision }) => {
      if (decision.variants.length === 0) return
      expect(decision.variants.length).toBeLessThanOrEqual(VARIANTS_MAX)
      expect(Math.abs(decision.variants.reduce((sum, { share }) => sum + share, 0) - 1)).toBeLessThan(1e-9)
      for (const { share } of decision.variants) expect(share).toBeGreaterThan(0)
    })

    holds('answers distinct endpoints, no more than asked, and one where a name is', ({ decision, service }) => {
      for (const { endpoints } of decision.variants) {
        expect(endpoints.length).toBeGreaterThan(0)
        if (!allSteps(service.steps).some(({ kind }) => kind === 'all'))
          expect(endpoints.length).toBeLessThanOrEqual(service.answers)
        expect(new Set(endpoints.map((e) => e.target.join('.'))).size).toBe(endpoints.length)
        if (endpoints.some((e) => e.kind === 'name')) expect(endpoints.length).toBe(1)
      }
    })

    holds('has a whole TTL within the bounds', ({ decision, service }) => {
      expect(Number.isInteger(decision.ttl)).toBe(true)
      expect(decision.ttl).toBeGreaterThanOrEqual(service.ttl.min)
      expect(decision.ttl).toBeLessThanOrEqual(service.ttl.max)
    })

    holds('decides the same whatever the order of endpoints in the file', ({ service, ...rest }) => {
      const turned = service.pools.map((pool) => ({ ...pool, endpoints: [...pool.endpoints].reverse() }))
      const again = decide({ ...service, pools: turned }, rest.family, rest.client, rest.health)
      expect(withoutTrace(again)).toEqual(withoutTrace(rest.decision))
    })

    holds('tells all stages in order', ({ decision }) => {
      expect([...new Set(decision.trace.map((line) => line.stage))]).toEqual(STAGES)
      const order = decision.trace.map((line) => STAGES.indexOf(line.stage))
      expect(order).toEqual([...order].sort((a, b) => a - b))
      expect(decision.trace.filter((line) => line.text.trim() === '')).toEqual([])
    })

    test('decides alike for all clients where it says that the client does not matter', () =>
      assertAlways(
        fc.property(anyQuestion, anyClient, (question, other) => {
          const { decision, service, family, health } = readFacts(question)
          if (decision.dependsOnClient) return
          expect(withoutTrace(decide(service, family, other, health))).toEqual(withoutTrace(decision))
        }),
        RUNS,
      ))

    test('keeps its decision within the TTL: no change of verdicts that could come sooner changes it', () =>
      assertAlways(
        fc.property(anyQuestion, fc.infiniteStream(fc.constantFrom(0, 1, 2)), (question, verdicts) => {
          const { service, family, client, health } = readFacts(question)
          const unbounded = { ...service, ttl: { min: 0, max: 1e6 } }
          const before = decide(unbounded, family, client, health)
          const cells = health.cells.map((cell) => {
            const couldChange = cell >>> 8 !== STABILITY_MAX && cell >>> 8 < before.ttl && (cell & FORCED) === 0
            return couldChange ? (cell & ~VERDICT_MASK) | verdicts.next().value! : cell
          })
          const after = decide(unbounded, family, client, { ...health, cells })
          expect(withoutTrace(after)).toEqual(withoutTrace(before))
        }),
        RUNS,
      ))

    test('keeps its decision until `validUntil`: no override that ends sooner changes it', () =>
      assertAlways(
        fc.property(anyQuestion, fc.infiniteStream(fc.nat(0xffffffff)), (question, words) => {
          const { service, family, client, health, decision } = readFacts(question)
          const cells = health.cells.map((cell, i) =>
            health.changesAt[i % health.endpoints]! < decision.validUntil ? words.next().value! : cell,
          )
          expect(withoutTrace(decide(service, family, client, { ...health, cells }))).toEqual(withoutTrace(decision))
        }),
        RUNS,
      ))
  })
}

/** Of every law and policy: enough to find each law broken when its rule is taken out of the code. */
const RUNS = 200

const STAGES: readonly Stage[] = [
  'client',
  'area',
  'candidates',
  'eligible',
  'panic',
  'tier',
  'spill',
  'order',
  'answers',
  'ttl',
]

interface Question {
  readonly scene: Scene
  readonly family: Family
  readonly client: ClientClass
}

interface Facts {
  readonly service: Service
  readonly family: Family
  readonly client: ClientClass
  readonly health: HealthTable
  readonly decision: Decision
  /** Every candidate of the family, on the client's side of a fence. */
  readonly rows: readonly Row[]
  /** Whether a pool that may be chosen has the other family alone, and the operator wants it to answer nothing then. */
  readonly lacksFamily: boolean
}

interface Row {
  readonly endpoint: Endpoint
  readonly pool: number
  readonly verdict: number
  readonly isDrained: boolean
  readonly isForcedDown: boolean
  readonly isStandby: boolean
  readonly isHeld: boolean
  /** Neither drained, forced down nor on standby. */
  readonly isEligible: boolean
}

function readFacts({ scene, family, client }: Question): Facts {
  const { service, health } = scene
  const view = (client.view + 1) * health.endpoints <= health.cells.length ? client.view : 0
  const isOutside = (pool: number) =>
    service.steps.some((step) => {
      const area = step.kind === 'geo' && client.rule < 0 ? step.areas[client.areas[step.table]!]! : undefined
      return area?.fence === true && !area.tiers.flat().includes(pool)
    })
  const inside = service.pools.filter((_, position) => !isOutside(position))
  const lacksFamily =
    service.missingFamily === 'same_site' &&
    inside.some(
      ({ endpoints }) =>
        endpoints.some(({ weight }) => weight > 0) &&
        !endpoints.some(({ kind, weight }) => weight > 0 && (kind === family || kind === 'name')),
    )
  const rows = service.pools.flatMap((pool, position) =>
    (isOutside(position) ? [] : pool.endpoints)
      .filter((endpoint) => endpoint.weight > 0 && (endpoint.kind === family || endpoint.kind === 'name'))
      .map((endpoint): Row => {
        const cell = health.cells[view * health.endpoints + endpoint.index]!
        const verdict = cell & VERDICT_MASK
        const isForcedDown = (cell & FORCED) !== 0 && verdict === Verdict.down
        const isDrained = (cell & DRAINED) !== 0
        const isAside = isDrained || isForcedDown
        const isStandby = endpoint.standby === true && !isAside
        const isEligible = !isStandby && !isAside
        const isHeld = health.held[endpoint.index] === 1
        return { endpoint, pool: position, verdict, isDrained, isForcedDown, isStandby, isHeld, isEligible }
      }),
  )
  return { service, family, client, health, rows, lacksFamily, decision: decide(service, family, client, health) }
}

function servedRows(decision: Decision, rows: readonly Row[]): readonly Row[] {
  const labels = new Set(served(decision))
  return rows.filter((row) => labels.has(row.endpoint.label))
}

function poolWeight(rows: readonly Row[], pool: number, verdict: number): number {
  return rows
    .filter((row) => row.pool === pool && row.isEligible && row.verdict === verdict)
    .reduce((sum, row) => sum + row.endpoint.weight, 0)
}

/** A table of buckets as a text: comparing 4,096 numbers one by one takes a hundred times as long. */
function withoutTrace({ trace: _, leftOut: __, buckets, ...rest }: Decision): object {
  return { ...rest, buckets: buckets?.join() }
}
