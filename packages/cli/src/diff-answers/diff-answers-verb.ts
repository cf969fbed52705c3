import { readFileSync } from 'node:fs'
import { readSocketAddress } from '@windrose/config'
import { type Name, readName, rtypeOf } from '@windrose/dns'
import { readQueryLog } from '@windrose/server/query-log'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { print, printJson } from '../output.ts'
import { compareServers } from './compare-servers.ts'
import { diffText } from './diff-text.ts'
import { randomClients } from './random-clients.ts'
import type { DifferenceKind } from './seen-answers.ts'
import { type AskedQuery, type ServerAddress, UdpAsker } from './udp-asker.ts'

/** `windrose diff-answers`, as it is called. */
export interface DiffWish {
  readonly server: string
  readonly against: string
  readonly queries?: string | undefined
  readonly names?: readonly string[] | undefined
  readonly types: readonly string[]
  readonly clients: number
  readonly seed: number
  readonly asks: number
  readonly rate: number
  readonly concurrency: number
  readonly timeoutMs: number
  readonly ignored: readonly DifferenceKind[]
  readonly examples: number
  readonly json: boolean
}

/** Whether two servers answer alike. Gives the exit code: 0 alike, 1 not, 3 one of them cannot be reached. */
export async function diffAnswers(wish: DiffWish): Promise<ExitCode> {
  const queries = queriesOf(wish)
  const manner = { timeoutMs: wish.timeoutMs, tries: TRIES }
  const server = await UdpAsker.open(serverOf(wish.server), manner)
  try {
    const against = await UdpAsker.open(serverOf(wish.against), manner)
    try {
      await refuseSilent(server, wish.server, queries[0]!)
      await refuseSilent(against, wish.against, queries[0]!)
      const ignored = new Set(wish.ignored)
      const report = await compareServers(queries, { server, against }, { ...wish, ignored })
      if (wish.json) printJson(report)
      else print(diffText(report, ignored))
      const isDifferent = report.different > 0 || (report.byKind.ttl > 0 && !ignored.has('ttl'))
      return isDifferent ? ExitCode.refused : ExitCode.done
    } finally {
      against.close()
    }
  } finally {
    server.close()
  }
}

const TRIES = 3

/** A server that does not answer the first question is not asked all the others. */
async function refuseSilent(asker: UdpAsker, name: string, query: AskedQuery): Promise<void> {
  if ((await asker.ask(query)) !== undefined) return
  throw new CommandFailure(`no answer from ${name}`, ExitCode.unreachable)
}

function serverOf(text: string): ServerAddress {
  const read = readSocketAddress(text)
  if (!('problem' in read)) return read
  throw new CommandFailure(`${text}: ${read.problem}${read.hint === undefined ? '' : `; ${read.hint}`}`, ExitCode.usage)
}

/** The questions of a file; or each name, type and client in every combination. */
function queriesOf({ queries, names, types, clients, seed }: DiffWish): AskedQuery[] {
  if ((queries === undefined) === (names === undefined)) {
    throw new CommandFailure('give --queries FILE, or --names NAME... with --clients N', ExitCode.usage)
  }
  const found = queries === undefined ? combine(names ?? [], types, { clients, seed }) : fromFile(queries)
  if (found.length === 0) throw new CommandFailure('there is nothing to ask', ExitCode.usage)
  return found
}

function fromFile(file: string): AskedQuery[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandFailure(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const { queries, bad } = readQueryLog(text)
  const [first] = bad
  if (first !== undefined) throw new CommandFailure(`${file}:${first.line}: ${first.reason}`)
  return queries.map(({ qname, qtype, client }) => ({ qname, qtype, client }))
}

function combine(
  names: readonly string[],
  types: readonly string[],
  { clients, seed }: { clients: number; seed: number },
): AskedQuery[] {
  const qnames = names.map((text): Name => {
    const name = readName(text.endsWith('.') ? text : `${text}.`)
    if ('problem' in name) throw new CommandFailure(`"${text}" is not a name: ${name.problem}`, ExitCode.usage)
    return name
  })
  const qtypes = types.map((text) => {
    const qtype = rtypeOf(text)
    if (qtype === undefined) throw new CommandFailure(`"${text}" is not a type of record`, ExitCode.usage)
    return qtype
  })
  const prefixes = clients === 0 ? [undefined] : randomClients(clients, seed)
  return qnames.flatMap((qname) => qtypes.flatMap((qtype) => prefixes.map((client) => ({ qname, qtype, client }))))
}
