import { readAreaKey } from '@windrose/config'
import { ROOT, readName, rtypeOf } from '@windrose/dns'
import type { AreaMatcher } from '@windrose/geo'
import { readAddress, readPrefix } from '@windrose/ip'
import type { FastifyInstance } from 'fastify'
import { type AskedQuestion, DatabaseReaders, explainQuestion } from '../explain.ts'
import type { AreaQuestion } from '../explain-area/explain-area.ts'
import type { RunningParts } from '../running-parts.ts'
import { presentState } from '../what-if/present-state.ts'
import { ApiError } from './api-error.ts'
import type { AreaExplanationBody, ExplanationBody } from './explain-types.ts'
import { readQuery } from './read-query.ts'
import { orThrow } from './what-if-routes.ts'

export function addExplainRoute(server: FastifyInstance, parts: RunningParts): void {
  const { reloader, whatIf } = parts
  const readers = new DatabaseReaders()
  server.get('/api/v1/explain', async (request): Promise<ExplanationBody> => {
    const question = readQuestion(readQuery(request.query, PARAMETERS))
    if ('area' in question)
      throw new ApiError(400, 'all clients of an area take a while: send this by POST, with the token')
    return explain(question)
  })
  server.post('/api/v1/explain', async (request): Promise<ExplanationBody | AreaExplanationBody> => {
    const question = readQuestion(readTexts(request.body))
    if ('area' in question)
      return orThrow(await whatIf.run({ kind: 'explain', present: presentState(parts), question }))
    return explain(question)
  })

  function explain(question: AskedQuestion): ExplanationBody {
    const { snapshot, compiled } = reloader.current
    const explanation = explainQuestion(question, { snapshot, ...compiled }, readers)
    if (explanation === undefined) throw new ApiError(400, 'no message can hold this question')
    return explanation
  }
}

const PARAMETERS = [
  'name',
  'type',
  'client',
  'resolver',
  'classes',
] as const satisfies readonly (keyof ExplainParameters)[]

/** The same parameters as the fields of an object. */
function readTexts(body: unknown): ExplainParameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ApiError(400, 'expected an object')
  for (const [key, value] of Object.entries(body)) {
    if (!(PARAMETERS as readonly string[]).includes(key)) {
      throw new ApiError(400, `unknown field "${key.slice(0, 60)}"; known are ${PARAMETERS.join(', ')}`)
    }
    if (typeof value !== 'string') throw new ApiError(400, `${key} must be a text`)
  }
  return body
}

export interface ExplainParameters {
  readonly name?: string
  readonly type?: string
  readonly client?: string
  readonly resolver?: string
  /** A whole number. */
  readonly classes?: string
}

/** The question of a request. Throws an ApiError that says what is wrong with it. */
export function readQuestion(parameters: ExplainParameters): AskedQuestion | AreaQuestion {
  const { name, type = 'A', client, resolver = '127.0.0.1', classes } = parameters
  if (name === undefined) throw new ApiError(400, 'name is needed: the domain name to explain')
  const qname = readName(name, ROOT)
  if ('problem' in qname) throw new ApiError(400, `name "${name.slice(0, 300)}" is not a domain name: ${qname.problem}`)
  const qtype = rtypeOf(type.toUpperCase())
  if (qtype === undefined) throw new ApiError(400, `"${type.slice(0, 30)}" is not a record type such as A or AAAA`)
  const address = readAddress(resolver)
  if (address === undefined) throw new ApiError(400, `resolver "${resolver.slice(0, 60)}" is not an address`)
  const asked = { qname, qtype, resolver: address }
  const prefix = client === undefined ? undefined : readPrefix(client)?.prefix
  if (client !== undefined && prefix === undefined) {
    return { ...asked, area: readArea(client.slice(0, TEXT_MAX)), classes: readClasses(classes) }
  }
  if (classes !== undefined) throw new ApiError(400, 'classes are those of an area: give client=country:DE or the like')
  return prefix === undefined ? asked : { ...asked, client: prefix }
}

/** Longer ones are cut where they are told. */
const TEXT_MAX = 100

function readArea(text: string): AreaMatcher {
  const read = readAreaKey(text)
  if (read.kind === 'clients') return read.of
  const hint =
    read.kind === 'wrong'
      ? `: ${read.message}; ${read.hint}`
      : ': the clients of no other area are no area of their own'
  throw new ApiError(400, `client "${text}" is not an address, a prefix or an area${hint}`)
}

function readClasses(text = `${CLASSES}`): number {
  const count = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && count >= 1 && count <= CLASSES_MAX) return count
  throw new ApiError(400, `classes "${text.slice(0, 20)}" is not a whole number from 1 to ${CLASSES_MAX}`)
}

const CLASSES = 10
const CLASSES_MAX = 1000
