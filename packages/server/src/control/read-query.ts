import { ApiError } from './api-error.ts'

/** The parameters of a request, each at most once; one that is not known is refused, for it was meant to do something. */
export function readQuery<Name extends string>(
  query: unknown,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const given = Object.entries(query as Readonly<Record<string, unknown>>)
  for (const [name, value] of given) {
    if (!(names as readonly string[]).includes(name)) {
      throw new ApiError(400, `unknown parameter "${name}"; known are ${names.join(', ') || 'none'}`)
    }
    if (typeof value !== 'string') throw new ApiError(400, `${name} is there more than once`)
  }
  return Object.fromEntries(given) as Partial<Record<Name, string>>
}
