import { type Name, ROOT, readName, rtypeOf } from '@windrose/dns'
import { readPrefix } from '@windrose/ip'
import type { AskedQuery } from './udp-asker.ts'

/** Reads queries, one a line: a JSON object with `name`, `type` and `client`, or `NAME [TYPE [CLIENT]]`. */
export function readQueries(text: string): {
  queries: readonly AskedQuery[]
  bad: readonly { line: number; reason: string }[]
} {
  const queries: AskedQuery[] = []
  const bad: { line: number; reason: string }[] = []
  text.split('\n').forEach((raw, i) => {
    const words = raw.trim()
    if (words === '' || words.startsWith('#')) return
    const read = readLine(words)
    if (typeof read === 'string') bad.push({ line: i + 1, reason: read })
    else queries.push(read)
  })
  return { queries, bad }
}

function readLine(text: string): AskedQuery | string {
  const [name, type = 'A', client] = text.split(/\s+/)
  const qname: Name | { problem: string } = readName(name ?? '', ROOT)
  if ('problem' in qname) return qname.problem
  const qtype = rtypeOf(type)
  if (qtype === undefined) return `"${type}" is not a type of record`
  const prefix = client === undefined ? undefined : readPrefix(client)?.prefix
  if (client !== undefined && prefix === undefined) return `"${client}" is not an address or a prefix`
  return { qname, qtype, client: prefix }
}
