import { demandWeight } from '@windrose/steering'
import type { PoolLoad } from '@windrose/store'
import type { PoolAnswers } from '../answering.ts'

/** Makes rates of counts: answers a second since the counts before, and their mean in which the past loses weight as `demandWeight` says. */
export class LoadMeter {
  #pools: readonly PoolLoad[] = []
  #atMs = 0

  /** `atMs` is the time since the start, at which nothing was counted. */
  measure(counts: readonly PoolAnswers[], atMs: number): readonly PoolLoad[] {
    const elapsedMs = Math.max(1, atMs - this.#atMs)
    const weight = demandWeight(elapsedMs)
    const before = new Map(this.#pools.map((pool) => [`${pool.service}/${pool.site}`, pool]))
    this.#pools = counts.map(({ service, site, answers }) => {
      const known = before.get(`${service}/${site}`)
      // A pool that was away from the configuration is counted from 0 again.
      const more = known === undefined || answers < known.answers ? answers : answers - known.answers
      const perSecond = (more * 1000) / elapsedMs
      const smoothed = known === undefined ? perSecond : known.smoothed + (perSecond - known.smoothed) * weight
      return { service, site, answers, perSecond, smoothed }
    })
    this.#atMs = atMs
    return this.#pools
  }
}
