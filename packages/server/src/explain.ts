import { statSync } from 'node:fs'
import {
  EdnsOption,
  type Message,
  type Name,
  parseClientSubnet,
  printName,
  printRcode,
  printRr,
  printRtype,
} from '@windrose/dns'
import { type Database, locate, matchRule, openDatabase, unwrapAddress } from '@windrose/geo'
import { type Address, type Prefix, printAddress, printPrefix } from '@windrose/ip'
import {
  type ClientPick,
  type ExplainedDecision,
  type ExplainedName,
  explain,
  type Snapshot,
} from '@windrose/nameserver'
import { BUCKETS, type ClientClass, type Decision, type Service } from '@windrose/steering'
import type { Geography, ServedConfiguration } from './compile/compiled.ts'
import type {
  DecisionBody,
  ExplainedDecisionBody,
  ExplainedNameBody,
  ExplanationBody,
  PickBody,
  PlaceBody,
} from './control/explain-types.ts'
import { classifiedAddress, explainAreas } from './explain-areas.ts'

/** A question with who asks it. */
export interface AskedQuestion {
  readonly qname: Name
  readonly qtype: number
  /** The client subnet that the resolver would send. */
  readonly client?: Prefix
  readonly resolver: Address
}

/** What an explanation is made from. */
export interface ExplainedState {
  readonly snapshot: Snapshot
  readonly configuration: Pick<ServedConfiguration, 'sites' | 'geo'>
  readonly geography: Geography
}

/**
 * The name server's explanation of an answer, in the words of the configuration, with what the databases know of the
 * client. Undefined when no message could hold the question.
 */
export function explainQuestion(
  question: AskedQuestion,
  state: ExplainedState,
  readers: DatabaseReaders,
): ExplanationBody | undefined {
  const explanation = explain(question, state.snapshot)
  if (explanation === undefined) return undefined
  const { qname, qtype, client, resolver } = question
  const { response, names } = explanation
  const databases = state.geography.databases.flatMap(({ file }) => readers.reader(file) ?? [])
  return {
    question: {
      name: printName(qname),
      type: printRtype(qtype),
      ...(client === undefined ? {} : { client: printPrefix(client) }),
      resolver: printAddress(resolver),
    },
    place: findPlace(client?.address ?? resolver, databases),
    response: {
      rcode: printRcode(response.rcode),
      flags: FLAGS.filter((flag) => response[flag]),
      answers: response.answers.map(printRr),
      authorities: response.authorities.map(printRr),
      additionals: response.additionals.map(printRr),
      scope: scopeOf(response),
    },
    names: names.map((name) => explainedName(name, question, { ...state.configuration, databases })),
  }
}

/** The databases, opened for looking things up; each once, and again when its file was replaced. */
export class DatabaseReaders {
  readonly #opened = new Map<string, { readonly changedAt: number; readonly database: Database }>()

  /** Undefined when the file is not usable any more: the maps made from it stand all the same. */
  reader(file: string): Database | undefined {
    const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs
    const known = this.#opened.get(file)
    if (changedAt === undefined || known?.changedAt === changedAt) return known?.database
    const database = openDatabase(file)
    if ('problem' in database) return known?.database
    this.#opened.set(file, { changedAt, database })
    return database
  }
}

const FLAGS = ['qr', 'aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const satisfies readonly (keyof Message)[]

function findPlace(address: Address, databases: readonly Database[]): PlaceBody | null {
  const found = locate(databases, address)
  const placing = found.find(({ place }) => place.coordinates !== undefined) ?? found[0]
  if (placing === undefined) return null
  const { coordinates, from, subdivisionNames: _, ...known } = placing.place
  // An ASN database beside the one that places the client has more to say of it.
  const network = found.find(({ place }) => place.asn !== undefined)?.place
  const parts = { ...known, asn: network?.asn, organisation: network?.organisation, ...coordinates }
  return {
    address: printAddress(address),
    prefix: placing.prefix,
    database: placing.database,
    ...(from === 'nothing' ? {} : { from }),
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  }
}

function scopeOf({ edns }: Message): number | null {
  const option = edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)
  return option === undefined ? null : (parseClientSubnet(option.data)?.scopeLength ?? null)
}

interface ExplainedWith extends Pick<ServedConfiguration, 'sites' | 'geo'> {
  readonly databases: readonly Database[]
}

function explainedName(name: ExplainedName, question: AskedQuestion, known: ExplainedWith): ExplainedNameBody {
  const { owner, kind, zone, service, decision, hints } = name
  return {
    owner: printName(owner),
    kind,
    ...(zone === undefined ? {} : { zone: printName(zone) }),
    ...(service === undefined || decision === undefined
      ? {}
      : explainedDecision({ ...name, service, decision }, question, known)),
    ...(hints === undefined
      ? {}
      : {
          hints: hints.map((hint) => ({
            target: printName(hint.target),
            family: hint.family,
            ...explainedDecision(hint, question, known),
          })),
        }),
  }
}

function explainedDecision(
  decided: ExplainedDecision,
  question: AskedQuestion,
  known: ExplainedWith,
): ExplainedDecisionBody {
  const { service, clientClass, classOf, scope, decision, variant, picked } = decided
  return {
    service: service.name,
    ...(clientClass === undefined || classOf === undefined
      ? {}
      : { clientClass: { number: clientClass, ...explainClass({ classOf, service }, question, known) } }),
    ...(scope === undefined ? {} : { scope }),
    decision: printDecision(decision),
    ...(variant === undefined ? {} : { variant }),
    ...(picked === undefined ? {} : { picked: printPick(picked, decision) }),
  }
}

function explainClass(
  { classOf, service }: { readonly classOf: ClientClass; readonly service: Service },
  { client, resolver }: AskedQuestion,
  { sites, geo, databases }: ExplainedWith,
): Omit<NonNullable<ExplainedNameBody['clientClass']>, 'number'> {
  const tables = geo.mapSpecs[service.clientMap]?.areas ?? []
  const subnet = client === undefined || client.length === 0 ? undefined : unwrapAddress(client.address)
  const address = classifiedAddress({ client: subnet, resolver: unwrapAddress(resolver) }, geo, tables)
  // Rules that name the same sites share a class, which knows the first of them only.
  const rule = classOf.rule < 0 ? undefined : geo.rules[matchRule(geo.rules, address) ?? classOf.rule]
  return {
    rule: rule === undefined ? null : { prefix: printPrefix(rule.prefix), comment: rule.comment },
    areas: explainAreas(service, tables, { classOf, address, located: locate(databases, address) }),
    sites: classOf.sites.map((site) => sites[site]?.name ?? `site ${site}`),
  }
}

function printPick({ client, bucket, variant }: ClientPick, { variants }: Decision): PickBody {
  const endpoints = variants[variant]!.endpoints.map(({ id }) => id)
  return { client: printPrefix(client), bucket, buckets: BUCKETS, variant, endpoints }
}

function printDecision(decision: Decision): DecisionBody {
  const { variants, pick, ground, ttl, dependsOnClient, validUntil, trace, leftOut } = decision
  return {
    variants: variants.map(({ share, endpoints }) => ({ share, endpoints: endpoints.map(({ id }) => id) })),
    pick,
    ground,
    ttl,
    dependsOnClient,
    validUntil: Number.isFinite(validUntil) ? new Date(validUntil).toISOString() : null,
    trace,
    leftOut: leftOut.map(({ endpoint, stage, reason }) => ({ endpoint: endpoint.id, stage, reason })),
  }
}
