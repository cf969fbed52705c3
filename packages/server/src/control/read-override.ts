import { readDuration } from '@windrose/config'
import { type KnownNames, type Override, readOverrideTarget } from '@windrose/health'

/** An override without what the server adds: its id. */
export type AskedOverride = Omit<Override, 'id'>

/**
 * Reads the body of a request for an override. What is wrong is a sentence; a target that matches nothing now is
 * accepted with a warning when it is a pattern.
 */
export function readOverride(
  body: unknown,
  known: KnownNames,
  nowMs: number,
): { readonly override: AskedOverride; readonly warning?: string } | { readonly problem: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problem: 'expected an object with target, action, reason and author' }
  }
  const fields = body as Readonly<Record<string, unknown>>
  const unknown = Object.keys(fields).find((key) => !FIELDS.has(key))
  if (unknown !== undefined) return { problem: `unknown field "${unknown}"; known are ${[...FIELDS].join(', ')}` }
  const { action } = fields
  if (action !== 'drain' && action !== 'down' && action !== 'up') {
    return { problem: 'action must be "drain", "down" or "up"' }
  }
  const reason = readText(fields, 'reason')
  if (typeof reason === 'object') return reason
  const author = readText(fields, 'author')
  if (typeof author === 'object') return author
  if (typeof fields['target'] !== 'string')
    return { problem: 'target is needed: a site, a service, service/site or service/site/endpoint' }
  const target = readOverrideTarget(fields['target'], known)
  if ('problem' in target) return target
  const end = readEnd(fields, nowMs)
  if (typeof end === 'object') return end
  const expiry = end === undefined ? {} : { expiresAt: end }
  const override: AskedOverride = { target: target.target, action, reason, author, createdAt: nowMs, ...expiry }
  return target.warning === undefined ? { override } : { override, warning: target.warning }
}

const FIELDS: ReadonlySet<string> = new Set(['target', 'action', 'reason', 'author', 'for', 'expires'])

/** Enough for a sentence and a link; it is shown in tables and logs. */
const TEXT_MAX = 500

function readText(fields: Readonly<Record<string, unknown>>, name: string): string | { problem: string } {
  const text = fields[name]
  if (typeof text !== 'string' || text.trim() === '') return { problem: `${name} is needed: a text that is not empty` }
  if (text.length > TEXT_MAX) return { problem: `${name} is longer than ${TEXT_MAX} characters` }
  // A line break could forge a line where it is shown.
  return text.trim().replace(/\p{Cc}+/gu, ' ')
}

function readEnd(fields: Readonly<Record<string, unknown>>, nowMs: number): number | undefined | { problem: string } {
  const { for: span, expires } = fields
  if (span !== undefined && expires !== undefined) return { problem: 'give either "for" or "expires", not both' }
  if (span !== undefined) {
    const durationMs = typeof span === 'string' ? readDuration(span) : undefined
    if (durationMs === undefined || durationMs === 0) return { problem: 'for is a duration such as 30m, 2h or 1d' }
    const endMs = nowMs + durationMs
    return endMs <= TIME_MAX ? endMs : { problem: `for is longer than a calendar reaches; leave it out` }
  }
  if (expires === undefined) return undefined
  const timeMs = typeof expires === 'string' && TIME.test(expires) ? Date.parse(expires) : Number.NaN
  if (Number.isNaN(timeMs)) return { problem: 'expires is a time such as 2026-03-01T12:00:00Z' }
  return timeMs > nowMs ? timeMs : { problem: `expires lies in the past: ${expires}` }
}

/** With a zone: a local time would mean another moment on another machine. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** The last moment that a Date can tell (ECMA-262 21.4.1.1). */
const TIME_MAX = 8.64e15
