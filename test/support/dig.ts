import { Running } from './processes.ts'

/** What dig says of a response. Records are written `OWNER TTL TYPE RDATA`, class IN left out. */
export interface Dug {
  readonly status: string
  readonly flags: readonly string[]
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  /** `81.2.69.0/24/20`: address, source, scope. */
  readonly subnet: string | undefined
  readonly text: string
}

/** Asks with Debian's dig: `dig('127.0.0.1', 5300, 'www.gslb.example', 'A', '+tcp')`. */
export async function dig(server: string, port: number, ...question: string[]): Promise<Dug> {
  const running = new Running('dig', [
    `@${server}`,
    '-p',
    String(port),
    '+tries=1',
    '+time=3',
    '+nocookie',
    ...question,
  ])
  await running.exited
  const text = running.output
  const section = (name: string): string[] => {
    const lines = new RegExp(`;; ${name} SECTION:\n((?:[^\n]+\n)*)`).exec(text)?.[1] ?? ''
    return lines
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
      .map((line) => line.replace(/\s+/g, ' ').replace(/^(\S+ \d+) IN /, '$1 '))
  }
  return {
    status: /status: (\w+)/.exec(text)?.[1] ?? 'none',
    flags: (/;; flags: ([a-z ]*);/.exec(text)?.[1] ?? '').split(' ').filter(Boolean),
    answer: section('ANSWER'),
    authority: section('AUTHORITY'),
    subnet: /CLIENT-SUBNET: (\S+)/.exec(text)?.[1],
    text,
  }
}

/** The rdata of the answer's address records, sorted. */
export function addresses(dug: Dug): string[] {
  return dug.answer
    .filter((line) => / A{1,4} \S+$/.test(line) && / (A|AAAA) /.test(line))
    .map((line) => line.split(' ')[3]!)
    .sort()
}
