import { type ClientClass, DEFAULT_AREA } from '../client-class.ts'
import type { GeoArea, Step } from '../service.ts'
import type { StepRule, Tier } from '../tier.ts'
import { bySites } from './nearest.ts'

type GeoStep = Extract<Step, { kind: 'geo' }>

/**
 * By area: the pools that the client's area lists, in its order, and then all others in one tier, which the next step may
 * split. Behind a fence there are no others: what the area lists is all that its clients ever get.
 *
 * Which areas there are of a client was found when the client map was compiled: the most specific one that the step writes
 * (prefix, ASN, city, subdivision, country, continent), as in gdnsd and Amazon Route 53; a client of none of them is in the
 * area `default`. A client that an override names has the override's sites instead.
 */
export const geo: StepRule<GeoStep> = {
  readsClient: true,
  split(tier, step, { client }) {
    if (client.rule >= 0) return bySites(tier, client.sites)
    const area = areaOf(step, client)
    const listed = area.tiers.map((group) => tier.filter((state) => group.includes(state.position)))
    const rest: Tier = area.fence
      ? []
      : tier.filter((state) => !area.tiers.some((group) => group.includes(state.position)))
    return [...listed, rest].filter((group) => group.length > 0)
  },
}

/** The area of a step that a client is in. A class that was made for fewer areas puts it into the default one. */
export function areaOf(step: GeoStep, client: ClientClass): GeoArea {
  return step.areas[client.areas[step.table] ?? DEFAULT_AREA] ?? step.areas[DEFAULT_AREA]!
}
