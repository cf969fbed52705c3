import type { LoadField, LoadFigure } from '@windrose/health'
import { sumSamples } from './metric-samples.ts'

/** A good answer, as far as it was read. */
export interface LoadAnswer {
  /** By a name in lower case. */
  readonly header: (name: string) => string | undefined
  readonly body: Buffer
  /** There may have been more. */
  readonly isCut: boolean
}

/** What an answer says of the load of its sender. */
export function readLoadFigure(field: LoadField, answer: LoadAnswer): LoadFigure {
  switch (field.in) {
    case 'header': {
      const text = answer.header(field.name.toLowerCase())
      if (text === undefined) return { problem: `there is no header ${field.name}` }
      return toFigure(`the header ${field.name}`, text)
    }
    case 'json':
      return readJson(field.pointer, answer)
    case 'metric':
      return readMetric(field, answer)
    default:
      // A server of a later version asks for it.
      return { problem: `this agent's version cannot read a load in "${(field as { in: string }).in}"` }
  }
}

function readJson(pointer: string, { body, isCut }: LoadAnswer): LoadFigure {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return { problem: isCut ? cutAt(body) : 'the body is not JSON' }
  }
  for (const token of pointer.split('/').slice(1)) {
    // RFC 6901 section 4: "~1" before "~0".
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    if (!isThere) return { problem: `the body has nothing at ${pointer}` }
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return toFigure(pointer, value)
}

function readMetric({ name, labels }: LoadField & { readonly in: 'metric' }, { body, isCut }: LoadAnswer): LoadFigure {
  const samples = sumSamples(body.toString('utf8'), name, labels)
  // A part of a sum is a site that looks free.
  if (isCut && (samples.isLast || samples.count === 0)) return { problem: cutAt(body) }
  if (samples.count > 0) return toFigure(`the metric ${name}`, samples.sum)
  return { problem: `the body has no metric ${name}${Object.keys(labels).length > 0 ? ' with these labels' : ''}` }
}

function cutAt({ length }: Buffer): string {
  return `not all of it is in the first ${length} octets of the body: expect.body_limit is how much is read`
}

function toFigure(what: string, value: unknown): LoadFigure {
  const isNumeral = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)
  const figure = isNumeral ? Number(value) : value
  if (typeof figure !== 'number' || !Number.isFinite(figure)) {
    return { problem: `${what} is not a number${typeof value === 'string' ? `: "${value.slice(0, 40)}"` : ''}` }
  }
  return figure < 0 ? { problem: `${what} is below 0: ${figure}` } : { figure }
}
