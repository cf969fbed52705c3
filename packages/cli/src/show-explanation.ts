import { basename } from 'node:path'
import type { ExplainedAreaBody, ExplanationBody, PickBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { paint, print, printJson } from './output.ts'

/** What is asked about. */
export interface ExplainQuestion {
  readonly name: string
  readonly type: string
  readonly client?: string | undefined
  readonly resolver?: string | undefined
}

/** `windrose explain` from the running server. */
export async function showExplanation(client: ControlClient, question: ExplainQuestion, json: boolean): Promise<void> {
  const search = new URLSearchParams({ name: question.name, type: question.type })
  if (question.client !== undefined) search.set('client', question.client)
  if (question.resolver !== undefined) search.set('resolver', question.resolver)
  const explanation = await client.get<ExplanationBody>(`/api/v1/explain?${search}`)
  if (json) printJson(explanation)
  else print(explanationText(explanation))
}

/** The decision and its trace, stage by stage. */
export function explanationText(explanation: ExplanationBody): string {
  const { question, place, response, names } = explanation
  const who = question.client ?? `resolver ${question.resolver}`
  const lines = [`${paint('bold', `${question.name} ${question.type}`)} for ${who}`]
  lines.push(`place    ${place === null ? 'the databases do not know this address' : placeText(place)}`)
  for (const name of names) {
    const where = [name.kind, name.zone && `in zone ${name.zone}`, name.service && `by service ${name.service}`]
    lines.push('', `${paint('bold', name.owner)} is ${where.filter(Boolean).join(' ')}`)
    for (const area of name.clientClass?.areas ?? [])
      lines.push(`  ${'area'.padEnd(10)} ${areaText(area, name.service)}`)
    for (const { stage, text } of name.decision?.trace ?? []) lines.push(`  ${stage.padEnd(10)} ${text}`)
    for (const { share, endpoints } of name.decision?.variants ?? []) {
      lines.push(`  ${`${(share * 100).toFixed(1)} %`.padStart(8)}   ${endpoints.join(', ')}`)
    }
    if (name.picked !== undefined) lines.push(`  pick       ${pickText(name.picked)}`)
  }
  const scope = response.scope === null ? '' : `, scope /${response.scope}`
  lines.push('', `answer   ${response.rcode} (${response.flags.join(' ')})${scope}`)
  for (const record of [...response.answers, ...response.authorities]) lines.push(`  ${record}`)
  return lines.join('\n')
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
