import { printPrefix, readPrefix } from '@windrose/ip'
import { type Draft, note } from '../draft.ts'
import type { JsonView } from '../json-view.ts'

/** The prefixes of each location of CIDR collections, in canonical form; undefined when no file has them. */
export type CidrBlocks = ReadonlyMap<string, readonly string[]> | undefined

/** The output of `aws route53 list-cidr-blocks`. */
export function readCidrBlocks(draft: Draft, root: JsonView | undefined): CidrBlocks {
  if (root === undefined) return undefined
  const blocks = new Map<string, string[]>()
  for (const view of (root.at('CidrBlocks') ?? root).items()) {
    const text = view.text('CidrBlock') ?? ''
    const location = view.text('LocationName') ?? ''
    const read = readPrefix(text)
    if (read === undefined) {
      const why = 'this is no prefix'
      note(draft, 'unreadable', view.place, { source: `CidrBlock ${text}`, why, instead: 'mend it in the source' })
      continue
    }
    const known = blocks.get(location) ?? []
    blocks.set(location, [...known, printPrefix(read.prefix)])
  }
  return blocks
}
