import { type Draft, note } from '../draft.ts'
import { leaveOut, quoteEntry, type Settings } from './settings.ts'
import { textsOf, type VscfEntry } from './vscf-value.ts'

/** What is asked, without the times. */
export interface ServiceTypeProbe {
  readonly settings: Readonly<Record<string, unknown>>
  readonly isTimed: boolean
  readonly isDirect: boolean
}

/** The probe of a monitoring plugin of gdnsd, or undefined for one that is not known. */
export function probeOf(
  draft: Draft,
  plugin: string,
  settings: Settings,
  entry: VscfEntry,
): ServiceTypeProbe | undefined {
  switch (plugin) {
    case 'http_status':
      return { settings: httpStatus(draft, settings), isTimed: true, isDirect: false }
    case 'tcp_connect':
      return { settings: tcpConnect(draft, settings, entry), isTimed: true, isDirect: false }
    case 'extmon':
      return extmon(draft, settings, entry)
    case 'extfile':
      return extfile(draft, settings, entry)
    default:
      return undefined
  }
}

function httpStatus(draft: Draft, settings: Settings): Readonly<Record<string, unknown>> {
  const port = settings.integer('port', [1, 65_535]) ?? 80
  const pathEntry = settings.take('url_path')
  const path = pathEntry?.value.kind === 'text' ? pathEntry.value.text : '/'
  const host = settings.text('vhost')
  const codes = settings.take('ok_codes')
  const status = codes === undefined ? [200] : statusesOf(draft, codes)
  const isPath = /^\/[\x21-\x7e]*$/.test(path)
  if (!isPath && pathEntry !== undefined) {
    const why = 'a path begins with "/" and holds no blanks'
    note(draft, 'left out', pathEntry.place, { source: quoteEntry(pathEntry), why, instead: 'set "path" of the check' })
  }
  return {
    type: 'http',
    ...(port === 80 ? {} : { port }),
    ...(isPath && path !== '/' ? { path } : {}),
    ...(host === undefined || host === '' ? {} : { host }),
    expect: { status },
  }
}

function statusesOf(draft: Draft, entry: VscfEntry): readonly number[] {
  const texts = textsOf(entry.value) ?? []
  const codes = texts.map(({ text }) => Number(text)).filter((code) => code >= 100 && code <= 599)
  if (codes.length === texts.length && codes.length > 0) return codes
  const why = 'a status is a number from 100 to 599'
  note(draft, 'left out', entry.place, { source: quoteEntry(entry), why, instead: 'set "expect.status" of the check' })
  return codes.length > 0 ? codes : [200]
}

function tcpConnect(draft: Draft, settings: Settings, entry: VscfEntry): Readonly<Record<string, unknown>> {
  const port = settings.integer('port', [1, 65_535])
  if (port === undefined) {
    const source = `service type ${entry.key}`
    note(draft, 'left out', entry.place, {
      source,
      why: 'it names no port',
      instead: 'set "port" of the check; it is 80 now',
    })
  }
  return { type: 'tcp', port: port ?? 80 }
}

/**
 * The command of extmon as one of windrose: `%%ITEM%%` stands for the endpoint, which windrose gives in a variable, and
 * every exit code but 0 is a failure.
 */
function extmon(draft: Draft, settings: Settings, entry: VscfEntry): ServiceTypeProbe | undefined {
  const isDirect = settings.boolean('direct') ?? false
  const most = settings.take('max_proc')
  if (most !== undefined) {
    leaveOut(
      draft,
      most,
      'how many probes run at the same time is said to the agent',
      'start agents with --max-running',
    )
  }
  const command = settings.take('cmd')
  const words = command === undefined ? undefined : textsOf(command.value)
  if (words === undefined || words.length === 0) {
    const instead = 'write a check of the type command'
    note(draft, 'left out', entry.place, { source: `service type ${entry.key}`, why: 'it names no command', instead })
    return undefined
  }
  const line = words.map(({ text }) => quoteForShell(text)).join(' ')
  const shell = ['/bin/sh', '-c', `${line} || exit 2`]
  return { settings: { type: 'command', command: shell }, isTimed: true, isDirect }
}

/** A word for the shell; the endpoint's name or address is put in from its variable. */
function quoteForShell(word: string): string {
  const parts = word.split('%%ITEM%%').map((part) => (part === '' ? '' : `'${part.replaceAll("'", `'\\''`)}'`))
  const text = parts.join('"$WINDROSE_ENDPOINT"')
  if (text === '') return "''"
  return /^'[\w./:=@%+-]+'$/.test(text) ? text.slice(1, -1) : text
}

/** States that something outside says: with windrose it pushes them. */
function extfile(draft: Draft, settings: Settings, entry: VscfEntry): ServiceTypeProbe {
  const file = settings.text('file') ?? ''
  const isDirect = settings.boolean('direct') ?? false
  const defaultDown = settings.boolean('def_down') ?? false
  const ttl = settings.take('def_ttl')
  if (ttl !== undefined)
    leaveOut(draft, ttl, 'a state has no TTL of its own', 'the TTL follows from "ttl" of the service')
  const source = `service type ${entry.key}, plugin extfile, file ${file}`
  note(draft, 'changed', entry.place, {
    source,
    why: isDirect
      ? 'windrose reads no state file: states are pushed to it'
      : 'windrose reads no state file: states are pushed to it, and count at once',
    instead: `send what the file says by PUT /api/v1/push/${entry.key}/ENDPOINT; ${defaultDown ? '' : 'what was never pushed is down, not up; '}a push holds for "ttl"`,
  })
  return { settings: { type: 'push', ttl: '7d' }, isTimed: false, isDirect }
}
