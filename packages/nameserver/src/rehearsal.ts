import {
  composeMessage,
  MESSAGE_OCTETS_MAX,
  type Message,
  nameKey,
  parseMessage,
  queryMessage,
  Rtype,
} from '@windrose/dns'
import { bucketSeed, type Decision, type Service } from '@windrose/steering'
import { Found, lookup, scanName } from '@windrose/zone'
import { isWhoamiText } from './answer-whoami.ts'
import { clientBucket, packKeyLengths } from './client-key.ts'
import { classFor, decideFor } from './decide-for.ts'
import { Exchange } from './exchange.ts'
import { aliasChain, type ExplainedQuestion } from './explain.ts'
import { isServed } from './is-served.ts'
import { respond, SILENCE } from './respond.ts'
import { ambientFrom, Runtime } from './runtime.ts'
import type { Snapshot } from './snapshot.ts'
import { WHOAMI_SERVICE } from './whoami.ts'

/** Who decides over the answer to a question, and for which clients. */
export interface Steering {
  readonly service: Service
  readonly clientClass: number
  readonly decision: Decision
  /** Position in the decision's variants, where this client's is picked by its bucket. */
  readonly variant: number | undefined
}

/** A question as a resolver sends it. */
export interface RehearsedQuestion extends ExplainedQuestion {
  readonly packet: Uint8Array
}

/** Composes a question, once for all the snapshots that are asked. */
export function rehearse(question: ExplainedQuestion): RehearsedQuestion {
  return { ...question, packet: composeMessage(queryMessage(question)) }
}

/** What the answer to a question depends on. */
export interface AnswerSource {
  /** Questions for one name and type with equal keys have the same likely answers, but for their scopes. */
  readonly key: string
  /** The ECS scope; undefined where the question names no client subnet. */
  readonly scope: number | undefined
}

/** One answer that a question may get, and the share of queries that do. */
export interface LikelyAnswer {
  readonly share: number
  readonly response: Message
}

/**
 * A snapshot that is asked many questions to learn what it would answer, with draws that are chosen instead of made.
 *
 * Every response is the one that `respond` makes. Off the path: it allocates, and remembers decisions, so the verdicts of
 * the snapshot must not change while it is used.
 */
export class Rehearsal {
  readonly #runtime: Runtime
  readonly #exchange: Exchange = new Exchange(new Uint8Array(0), new Uint8Array(MESSAGE_OCTETS_MAX))
  /** By service, family and class. */
  readonly #decisions: Map<string, Decision> = new Map()
  /** By name and type: the service that the name, or what it is an alias of, is steered by. */
  readonly #services: Map<string, number> = new Map()
  #draws: readonly number[] = []
  #drawn = 0

  constructor(snapshot: Snapshot) {
    this.#runtime = new Runtime(
      ambientFrom(() => this.#draws[this.#drawn++] ?? 0),
      snapshot,
    )
  }

  /** The service that decides, when the name is steered or a static alias of one that is; undefined where none does. */
  steering(question: RehearsedQuestion): Steering | undefined {
    const index = this.#serviceOf(question, this.#ask(question, []))
    const service = this.#runtime.snapshot.services[index]
    return service === undefined ? undefined : this.#steeringOf(service)
  }

  source(question: RehearsedQuestion): AnswerSource {
    const index = this.#serviceOf(question, this.#ask(question, []))
    const { query } = this.#exchange
    // A look-up for the key may narrow it for another name.
    const scope = query.subnetLength === 0 ? undefined : query.scope
    return { key: this.#keyOf(question, index), scope }
  }

  #keyOf(question: RehearsedQuestion, index: number): string {
    if (index === UNSTEERED) return ''
    const { query } = this.#exchange
    // Who asks, as it is: whoami tells it, and what a chosen alias leads to may be steered by other classes.
    const whole = (): string =>
      [query.subnetFamily, query.subnetSource, query.subnetAddress.join('.'), question.resolver.join('.')].join(' ')
    if (index === WHOAMI_SERVICE) return whole()
    const { service, clientClass, decision, variant } = this.#steeringOf(this.#runtime.snapshot.services[index]!)
    return this.#leadsOn(decision) ? whole() : `${service.index} ${clientClass} ${variant ?? ''}`
  }

  /** Whether an answer may be a CNAME to a name that is answered here as well. */
  #leadsOn({ variants }: Decision): boolean {
    const { zones } = this.#runtime.snapshot
    return variants.some(({ endpoints }) =>
      endpoints.some(({ kind, target }) => kind === 'name' && isServed(zones, target)),
    )
  }

  /**
   * Every answer that the question may get. Their shares sum to 1. Answers with the same records in another order are told
   * apart. Empty for a question that no message holds.
   */
  likelyAnswers(question: RehearsedQuestion): LikelyAnswer[] {
    const answers: LikelyAnswer[] = []
    const explore = (draws: readonly number[], share: number): void => {
      const length = this.#ask(question, draws)
      const response = length === SILENCE ? undefined : parseMessage(this.#exchange.out.slice(0, length))
      if (response === undefined || 'malformed' in response) return
      const isOpen = this.#drawn > draws.length && share > LEAST_SHARE
      const drawn = isOpen ? this.#drawnDecision(question, response, draws.length) : undefined
      if (drawn === undefined) {
        answers.push({ share, response })
        return
      }
      let sum = 0
      for (const variant of drawn.variants) {
        // The middle of the draws that fall on it.
        explore([...draws, Math.floor((sum + variant.share / 2) * DRAW_RANGE)], share * variant.share)
        sum += variant.share
      }
    }
    explore([], 1)
    return answers
  }

  /** Length of the response. Afterwards the exchange holds the parsed query. */
  #ask({ packet, resolver }: RehearsedQuestion, draws: readonly number[]): number {
    const exchange = this.#exchange
    exchange.take(packet)
    exchange.tcp = true
    exchange.source.set(resolver)
    exchange.family = resolver.length === 4 ? 4 : 6
    this.#draws = draws
    this.#drawn = 0
    return respond(exchange, this.#runtime)
  }

  /** UNSTEERED, WHOAMI_SERVICE, or the index of a service. The question has just been asked, and `length` is the response's. */
  #serviceOf(question: ExplainedQuestion, length: number): number {
    const key = `${nameKey(question.qname)} ${question.qtype}`
    const known = this.#services.get(key)
    if (known !== undefined) return known
    const response = parseMessage(this.#exchange.out.slice(0, length))
    const service = 'malformed' in response ? UNSTEERED : (this.#steeredServices(question, response)[0] ?? UNSTEERED)
    this.#services.set(key, service)
    return service
  }

  /** The decision that the response drew from as the one after `draws` others. */
  #drawnDecision(question: ExplainedQuestion, response: Message, draws: number): Decision | undefined {
    return this.#steeredServices(question, response)
      .filter((index) => index !== WHOAMI_SERVICE)
      .map((index) => this.#steeringOf(this.#runtime.snapshot.services[index]!).decision)
      .filter(({ variants, buckets }) => variants.length > 1 && buckets === undefined)[draws]
  }

  /** The services of the steered names among the question's and those that aliases in the response led to. */
  #steeredServices(question: ExplainedQuestion, response: Message): number[] {
    const { snapshot, found, chainName } = this.#runtime
    return aliasChain(question, response).flatMap((owner) => {
      scanName(owner, chainName)
      lookup(snapshot.zones, chainName, question.qtype, found)
      if (found.kind === Found.steered) return found.service
      return found.kind === Found.nodata && isWhoamiText(this.#exchange, this.#runtime) ? WHOAMI_SERVICE : []
    })
  }

  #steeringOf(service: Service): Steering {
    const exchange = this.#exchange
    const clientClass = classFor(exchange, this.#runtime, service)
    const decision = this.#decide(service, exchange.query.qtype === Rtype.AAAA, clientClass)
    const { buckets, keyLengths } = decision
    const variant = buckets?.[clientBucket(exchange, bucketSeed(service.name), packKeyLengths(keyLengths))]
    return { service, clientClass, decision, variant }
  }

  #decide(service: Service, isIpv6: boolean, clientClass: number): Decision {
    const key = `${service.index} ${isIpv6} ${clientClass}`
    const known = this.#decisions.get(key)
    if (known !== undefined) return known
    const decision = decideFor(this.#runtime.snapshot, { service: service.index, isIpv6, clientClass })
    this.#decisions.set(key, decision)
    return decision
  }
}

const UNSTEERED = -1

/** A chain of services that each draw has ever more ends; below this one of them stands for all that is left. */
const LEAST_SHARE = 2 ** -16

/** Draws are unsigned 32-bit numbers. */
const DRAW_RANGE = 2 ** 32
