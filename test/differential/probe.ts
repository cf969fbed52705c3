import type { Question, UdpClient } from '../support/udp-client.ts'
import type { Family } from './health-states.ts'

export const SERVICES = ['geo', 'near', 'fail', 'nest'] as const

/** One question to a replica of a service. */
export interface Probe {
  readonly state: number
  readonly service: (typeof SERVICES)[number]
  readonly family: Family
  /** The client subnet. */
  readonly subnet: string
}

/** What is compared of an answer. */
export interface Answer {
  readonly rcode: number
  /** The addresses, sorted and joined: equal for the same set. */
  readonly addresses: string
  readonly scope: number | undefined
  readonly ttls: readonly number[]
}

export interface Compared {
  readonly probe: Probe
  readonly our: Answer
}

export function isSameAnswer(one: Answer, other: Answer): boolean {
  return one.rcode === other.rcode && one.addresses === other.addresses
}

/** Asks all of them and gives the answers in order; throws where one is lost. */
export async function askAll(
  client: UdpClient,
  probes: readonly Probe[],
  nameOf: (probe: Probe) => string = ({ service, state }) => `${service}-${state}`,
): Promise<Answer[]> {
  const all: Answer[] = []
  for (let at = 0; at < probes.length; at += CHUNK) {
    const questions = probes.slice(at, at + CHUNK).map(
      (probe): Question => ({
        name: `${nameOf(probe)}.example.com`,
        type: probe.family === 4 ? 'A' : 'AAAA',
        subnet: probe.subnet,
      }),
    )
    for (const answer of await client.askAll(questions, WINDOW)) {
      if (answer === undefined) throw new Error('an answer is lost')
      const { rcode, addresses, scope, message } = answer
      all.push({ rcode, addresses, scope, ttls: message.answers.map(({ ttl }) => ttl) })
    }
  }
  return all
}

/** Questions that are asked at the same time. */
const WINDOW = 64
/** Questions whose whole messages are kept at the same time. */
const CHUNK = 2000
