import { basename } from 'node:path'
import { readPrefix } from '@windrose/ip'
import type {
  AreaExplanationBody,
  ExplainedAreaBody,
  ExplainedDecisionBody,
  ExplanationBody,
  PickBody,
  UnitsBody,
} from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { paint, print, printJson } from './output.ts'
import { WHAT_IF_TIMEOUT_MS } from './what-if/from-configuration.ts'

/** What is asked about. */
export interface ExplainQuestion {
  readonly name: string
  readonly type: string
  readonly client?: string | undefined
  readonly resolver?: string | undefined
  readonly classes?: string | undefined
}

/** `windrose explain` from the running server. */
export async function showExplanation(client: ControlClient, question: ExplainQuestion, json: boolean): Promise<void> {
  const given = Object.entries(question).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const isArea = question.client !== undefined && readPrefix(question.client) === undefined
  const explanation = isArea
    ? await client.send<AreaExplanationBody>('POST', '/api/v1/explain', Object.fromEntries(given), WHAT_IF_TIMEOUT_MS)
    : await client.get<ExplanationBody>(`/api/v1/explain?${new URLSearchParams(given)}`)
  if (json) printJson(explanation)
  else print(explanationText(explanation))
}

/** For each name its decision and the trace, stage by stage; of an area that for each class of its clients. */
export function explanationText(explanation: ExplanationBody | AreaExplanationBody): string {
  return 'classes' in explanation ? areaExplanationText(explanation) : clientText(explanation)
}

function areaExplanationText({ question, units, classes, classesLeftOut }: AreaExplanationBody): string {
  const count = classes.length + classesLeftOut
  if (count === 0) return `${question.client}: no network of it is in the databases`
  const number = count === 1 ? 'all in one client class' : `in ${count} client classes`
  const parts = [`${paint('bold', question.client ?? '')}: ${countUnits(units)}, ${number}`]
  for (const [i, { units: part, shares, explanation }] of classes.entries()) {
    const share = [sharePart(shares.ipv4, '/24s', units.ipv4), sharePart(shares.ipv6, '/48s', units.ipv6)]
    const head = `class ${i + 1} of ${count}: ${share.filter(Boolean).join(', ')} (${countUnits(part)}), such as`
    parts.push(`${head} ${explanation.question.client}`, clientText(explanation))
  }
  if (classesLeftOut > 0) parts.push(`and ${classesLeftOut} smaller classes: --classes ${count} shows all`)
  return parts.join('\n\n')
}

function countUnits({ ipv4, ipv6 }: UnitsBody): string {
  return `${printUnits(ipv4)} /24s and ${printUnits(ipv6)} /48s`
}

function printUnits(units: number): string {
  return units.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** Nothing of a family that the area has no clients of. */
function sharePart(share: number, unit: string, all: number): string {
  return all === 0 ? '' : `${Number((share * 100).toPrecision(4))} % of its ${unit}`
}

function clientText(explanation: ExplanationBody): string {
  const { question, place, response, names } = explanation
  const who = question.client ?? `resolver ${question.resolver}`
  const lines = [`${paint('bold', `${question.name} ${question.type}`)} for ${who}`]
  lines.push(`place    ${place === null ? 'the databases do not know this address' : placeText(place)}`)
  for (const name of names) {
    const where = [name.kind, name.zone && `in zone ${name.zone}`, name.service && `by service ${name.service}`]
    lines.push('', `${paint('bold', name.owner)} is ${where.filter(Boolean).join(' ')}`)
    lines.push(...decisionLines(name))
    for (const hint of name.hints ?? []) {
      const family = hint.family === 'ipv4' ? 'IPv4' : 'IPv6'
      lines.push(`  ${paint('bold', `${family} hints to ${hint.target}`)} by service ${hint.service}`)
      lines.push(...decisionLines(hint))
    }
  }
  const scope = response.scope === null ? '' : `, scope /${response.scope}`
  lines.push('', `answer   ${response.rcode} (${response.flags.join(' ')})${scope}`)
  for (const record of [...response.answers, ...response.authorities]) lines.push(`  ${record}`)
  return lines.join('\n')
}

function decisionLines({ service, clientClass, decision, picked }: Partial<ExplainedDecisionBody>): string[] {
  if (decision === undefined) return []
  const line = (head: string, text: string): string => `  ${head.padEnd(10)} ${text}`
  return [
    ...(clientClass?.areas ?? []).map((area) => line('area', areaText(area, service))),
    ...decision.trace.map(({ stage, text }) => line(stage, text)),
    ...decision.variants.map(({ share, endpoints }) =>
      line(`${(share * 100).toFixed(1)} %`.padStart(8), endpoints.join(', ')),
    ),
    ...(picked === undefined ? [] : [line('pick', pickText(picked))]),
    ...leftOutTexts(decision.leftOut).map((text) => line('left out', text)),
  ]
}

/** Endpoints that one reason holds for are told together, in the order of the first of them. */
function leftOutTexts(leftOut: ExplainedDecisionBody['decision']['leftOut']): string[] {
  const byReason = new Map<string, string[]>()
  for (const { endpoint, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), endpoint])
  return [...byReason].map(([reason, endpoints]) => `${endpoints.join(', ')}: ${reason}`)
}

/** The addresses alone: the variants above have the whole ids, `service/site/target`. */
function pickText({ client, bucket, buckets, endpoints }: PickBody): string {
  const targets = endpoints.map((id) => id.split('/').slice(2).join('/'))
  return `by client ${client}: bucket ${bucket} of ${buckets.toLocaleString('en-US')} -> ${targets.join(', ')}`
}

/** The service is named where it is another one, nested in the one that answers. */
function areaText({ service, area, by }: ExplainedAreaBody, answering: string | undefined): string {
  return `${area}${by === null ? '' : ` by ${basename(by)}`}${service === answering ? '' : ` in service ${service}`}`
}

function placeText(place: NonNullable<ExplanationBody['place']>): string {
  const names = [place.city, place.subdivision, place.country, place.continent]
  const known = names.filter((part) => part !== undefined).join(', ')
  const at = place.latitude === undefined ? '' : ` at ${place.latitude}, ${place.longitude}`
  return `${known || 'unplaced'}${at} (${place.prefix} in ${basename(place.database)})`
}
