import { type Message, printRr } from '@windrose/dns'
import { type ExplainedQuestion, explain, type Snapshot } from '@windrose/nameserver'
import fc from 'fast-check'
import { seededRandom } from '../support/mutations.ts'
import { type Asked, Dialogue } from './dialogue.ts'
import { differences, scopeOf } from './told-answer.ts'
import { anyWorld, type World } from './worlds.ts'

/** `npm run fuzz` asks a million; among the other tests there are fewer. */
const QUERIES = Number(process.env['WINDROSE_FUZZ_QUERIES'] ?? 4000)
const SEED = Number(process.env['WINDROSE_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
/** What once failed. */
const KEPT_SEEDS: readonly number[] = [352045007]
const QUERIES_EACH = 500
const NEIGHBOURS_EVERY = 4

jest.setTimeout(24 * 3600_000)

test(`for any services, verdicts, clients and questions the trace tells the answer (seed ${SEED})`, () => {
  const counts = { queries: 0, steered: 0, empty: 0, byClient: 0, hinted: 0, aliases: 0, neighbours: 0 }
  for (const seed of [...KEPT_SEEDS, SEED]) {
    const isKept = seed !== SEED
    fc.assert(
      fc.property(anyWorld, fc.nat(), (world, randomness) => {
        converse(world, seededRandom(randomness), counts)
      }),
      // A smaller world takes minutes to find, and tells little more than the question does.
      { seed, numRuns: isKept ? 4 : Math.ceil(QUERIES / QUERIES_EACH), endOnFailure: true },
    )
  }
  process.stderr.write(`seed ${SEED}: ${JSON.stringify(counts)}\n`)
  // Otherwise much of this would be about nothing.
  expect(counts.steered).toBeGreaterThan(counts.queries / 3)
  for (const count of [counts.empty, counts.byClient, counts.hinted, counts.aliases]) expect(count).toBeGreaterThan(0)
})

type Counts = Record<'queries' | 'steered' | 'empty' | 'byClient' | 'hinted' | 'aliases' | 'neighbours', number>

function converse(world: World, random: () => number, counts: Counts): void {
  const dialogue = new Dialogue(world, random)
  const { snapshot } = world
  for (let i = 0; i < QUERIES_EACH; i++) {
    const asked = dialogue.next()
    const { question, response } = asked
    const explanation = explain(question, snapshot)!
    const [told, sent] = [printMessage(explanation.response), printMessage(response)]
    if (told !== sent) fail(asked, [`the explanation has another response: ${told}`, sent])
    const found = differences(explanation, response, snapshot)
    if (found.length > 0) fail(asked, found)
    count(counts, explanation)
    const scope = scopeOf(response)
    if (question.client === undefined || question.client.length === 0 || scope === undefined) continue
    if (i % NEIGHBOURS_EVERY !== 0) continue
    counts.neighbours++
    const other = dialogue.neighbour(question, scope)
    const isWhole = question.client.length >= (question.client.address.length === 4 ? 24 : 56)
    const [own, others] = [distribution(question, snapshot, isWhole), distribution(other, snapshot, isWhole)]
    if (own !== others)
      fail(asked, [`inside its scope ${scope} ${other.client!.address} is answered otherwise`, own, others])
  }
}

function printMessage(message: Message): string {
  const { rcode, aa, tc, answers, authorities, additionals } = message
  const records = [answers, authorities, additionals].map((section) => section.map(printRr).join('; '))
  return [rcode, aa, tc, ...records, scopeOf(message)].join(' | ')
}

/** All that decides over the answers: of each name on the way the variants with their shares, and which is picked by client. */
function distribution(question: ExplainedQuestion, snapshot: Snapshot, isWhole: boolean): string {
  const { names } = explain(question, snapshot)!
  // A subnet that is shorter than what stands for a client gets one answer as it was asked for, not for each of its own: what
  // one of them is picked, and where that leads, another is not.
  const first = isWhole ? -1 : names.findIndex(({ picked }) => picked !== undefined)
  return JSON.stringify(
    (first < 0 ? names : names.slice(0, first + 1))
      .flatMap((name) => [name, ...(name.hints ?? [])])
      .map(({ decision, picked }) => [
        decision?.variants.map(({ share, endpoints }) => [share, endpoints.map(({ index }) => index)]),
        decision?.ttl,
        isWhole ? picked?.variant : undefined,
      ]),
  )
}

function count(counts: Counts, { names }: NonNullable<ReturnType<typeof explain>>): void {
  counts.queries++
  const decided = names
    .flatMap((name) => [name, ...(name.hints ?? [])])
    .filter(({ decision }) => decision !== undefined)
  if (decided.length > 0) counts.steered++
  if (decided.some(({ variant }) => variant === undefined)) counts.empty++
  if (decided.some(({ picked }) => picked !== undefined)) counts.byClient++
  if (names.some(({ hints = [] }) => hints.length > 0)) counts.hinted++
  if (
    decided.some(({ decision, variant = -1 }) => decision!.variants[variant]?.endpoints.some(({ isAlias }) => isAlias))
  )
    counts.aliases++
}

function fail({ text }: Asked, lines: readonly string[]): never {
  throw new Error([text, ...lines].join('\n'))
}
