import { ROOT, Rtype, readName } from '@windrose/dns'
import { suggestName } from '@windrose/health'
import { readAddress } from '@windrose/ip'
import { Rehearsal, rehearse } from '@windrose/nameserver'
import type { Service } from '@windrose/steering'
import type { Side } from '../what-if/side.ts'
import type { ComparedSides } from './measure-demand.ts'
import type { WhatIf } from './read-what-if.ts'
import type { ComparedService } from './simulate-service.ts'

/** The services that are asked about, each as both sides have it. What is wrong with the question is a sentence. */
export function compareServices(
  { service, name, type }: Pick<WhatIf, 'service' | 'name' | 'type'>,
  { before, after }: ComparedSides,
): readonly ComparedService[] | { readonly problem: string } {
  const pair = (one: Service | undefined, other: Service | undefined): ComparedService => ({
    before: { ...before, service: one },
    after: { ...after, service: other },
  })
  if (name !== undefined) {
    const qtype = Rtype[type]
    const [one, other] = [steeringService(before.side, name, qtype), steeringService(after.side, name, qtype)]
    if (one === undefined && other === undefined) return { problem: `no service steers "${name}"` }
    return [pair(one, other)]
  }
  const names = [...servicesOf(before.side), ...servicesOf(after.side)].map((known) => known.name)
  if (service !== undefined && !names.includes(service)) {
    const suggestion = suggestName(service, names)
    const hint =
      suggestion === undefined ? `known are ${[...new Set(names)].join(', ')}` : `did you mean "${suggestion}"?`
    return { problem: `no service is named "${service}"; ${hint}` }
  }
  const wanted = service === undefined ? new Set(names) : new Set([service])
  const find = (side: Side, wish: string): Service | undefined => servicesOf(side).find((known) => known.name === wish)
  return [...wanted].map((wish) => pair(find(before.side, wish), find(after.side, wish)))
}

function servicesOf({ configuration }: Side): readonly Service[] {
  return configuration.services
}

function steeringService({ snapshot }: Side, name: string, qtype: number): Service | undefined {
  const qname = readName(name, ROOT)
  if ('problem' in qname) return undefined
  const question = rehearse({ qname, qtype, resolver: readAddress('127.0.0.1')! })
  return new Rehearsal(snapshot).steering(question)?.service
}
