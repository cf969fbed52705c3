import { type Name, type Place, printName, readName } from '@windrose/dns'
import { type Draft, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'

/** One record of octoDNS: an RRset, perhaps a dynamic one. */
export interface OctodnsRecord {
  readonly owner: Name
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  readonly view: JsonView
  readonly place: Place
}

/** The records of a file, in its order: by relative name one, or a list of several types. */
export function readRecords(draft: Draft, root: JsonView, apex: Name): OctodnsRecord[] {
  if (!root.isMap) {
    const why = 'records by their names are expected'
    note(draft, 'unreadable', root.place, { source: 'the file', why, instead: 'give a zone in the form of octoDNS' })
  }
  return root.entries().flatMap(([name, entry]) => {
    const owner = readName(name === '' ? '@' : name, apex)
    if ('problem' in owner) {
      note(draft, 'unreadable', entry.keyPlace, { source: name, why: owner.problem, instead: 'mend it in the source' })
      return []
    }
    return entry.itemsOrSelf().flatMap((view) => readRecord(draft, { name, owner, view }) ?? [])
  })
}

function readRecord(
  draft: Draft,
  { name, owner, view }: { name: string; owner: Name; view: JsonView },
): OctodnsRecord | undefined {
  const type = view.text('type')?.toUpperCase()
  if (view.at('octodns')?.boolean('ignored') === true) {
    const why = 'octoDNS ignores it: something else writes it to the provider'
    note(draft, 'left out', view.place, { source: `${printName(owner)} ${type ?? ''}`, why, instead: 'see who does' })
    return undefined
  }
  if (type === undefined) {
    const instead = 'mend it in the source'
    note(draft, 'unreadable', view.place, { source: name, why: 'the record has no type', instead })
    return undefined
  }
  listProviders(draft, `${printName(owner)} ${type}`, view)
  const ttl = view.number('ttl') ?? DEFAULT_TTL
  return { owner, type, ttl: Math.min(Math.max(1, Math.trunc(ttl)), TTL_MAX), view, place: view.place }
}

/** Lists what octoDNS hands to one of its providers alone, and providers that get the record or do not. */
function listProviders(draft: Draft, record: string, view: JsonView): void {
  for (const [key, value] of view.at('octodns')?.entries() ?? []) {
    if (KNOWN_OPTIONS.has(key)) continue
    const isChoice = key === 'included' || key === 'excluded'
    note(draft, 'left out', value.keyPlace, {
      source: `${record}: octodns.${key}`,
      why: isChoice ? 'it chooses among the providers of octoDNS' : 'it is for one provider of octoDNS',
      instead: isChoice
        ? 'see whether windrose shall have the record'
        : 'see whether windrose should do something like it',
    })
  }
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set(['healthcheck', 'ignored', 'lenient'])

/** The values of a record: `values`, or `value` alone. */
export function valuesOf(view: JsonView): JsonView[] {
  const values = view.at('values') ?? view.at('value')
  return values === undefined || values.value === null ? [] : values.itemsOrSelf()
}

const DEFAULT_TTL = 3600
const TTL_MAX = 7 * 86_400
