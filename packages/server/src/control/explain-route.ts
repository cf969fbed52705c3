import { ROOT, readName, rtypeOf } from '@windrose/dns'
import { readAddress, readPrefix } from '@windrose/ip'
import type { FastifyInstance } from 'fastify'
import { type AskedQuestion, DatabaseReaders, explainQuestion } from '../explain.ts'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'
import type { ExplanationBody } from './explain-types.ts'
import { readQuery } from './read-query.ts'

export function addExplainRoute(server: FastifyInstance, { reloader }: RunningParts): void {
  const readers = new DatabaseReaders()
  server.get('/api/v1/explain', async (request): Promise<ExplanationBody> => {
    const question = readQuestion(readQuery(request.query, ['name', 'type', 'client', 'resolver']))
    const { snapshot, compiled } = reloader.current
    const explanation = explainQuestion(question, { snapshot, ...compiled }, readers)
    if (explanation === undefined) throw new ApiError(400, 'no message can hold this question')
    return explanation
  })
}

export interface ExplainParameters {
  readonly name?: string
  readonly type?: string
  readonly client?: string
  readonly resolver?: string
}

/** The question of a request. Throws an ApiError that says what is wrong with it. */
export function readQuestion({ name, type = 'A', client, resolver = '127.0.0.1' }: ExplainParameters): AskedQuestion {
  if (name === undefined) throw new ApiError(400, 'name is needed: the domain name to explain')
  const qname = readName(name, ROOT)
  if ('problem' in qname) throw new ApiError(400, `name "${name.slice(0, 300)}" is not a domain name: ${qname.problem}`)
  const qtype = rtypeOf(type.toUpperCase())
  if (qtype === undefined) throw new ApiError(400, `"${type.slice(0, 30)}" is not a record type such as A or AAAA`)
  const address = readAddress(resolver)
  if (address === undefined) throw new ApiError(400, `resolver "${resolver.slice(0, 60)}" is not an address`)
  if (client === undefined) return { qname, qtype, resolver: address }
  const read = readPrefix(client)
  if (read === undefined) {
    throw new ApiError(400, `client "${client.slice(0, 60)}" is not an address or a prefix such as 198.51.100.0/24`)
  }
  return { qname, qtype, client: read.prefix, resolver: address }
}
