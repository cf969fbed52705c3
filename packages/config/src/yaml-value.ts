import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { AliasTargets } from './alias-targets.ts'

/** What is wrong with a node, with its offset in the file. */
export interface NodeFault {
  readonly offset: number
  readonly message: string
  readonly hint?: string
}

/** A value, and what is against it. */
export interface YamlValue {
  readonly value: unknown
  /** Where the value is not what it should be. */
  readonly faults: readonly NodeFault[]
  /** Keys that are there twice: the last of them is in the value. */
  readonly keysTwice: readonly NodeFault[]
}

/**
 * The plain value of a YAML document: objects without a prototype, arrays, scalars.
 *
 * Aliases are followed, but not into themselves and not without end: a few lines of YAML can otherwise stand for
 * millions of nodes.
 */
export function yamlValue(yaml: Document, targets: AliasTargets): YamlValue {
  const faults: NodeFault[] = []
  const keysTwice: NodeFault[] = []
  const open = new Set<unknown>()
  let aliases = 0

  function plainValue(node: unknown): unknown {
    if (isAlias(node)) {
      const offset = offsetOf(node)
      const target = targets.get(node)
      if (target === undefined) {
        const hint = `"&${node.source}" must come before it; a text that starts with "*" needs quotes`
        return fault({ offset, message: `nothing is named by the anchor "${node.source}"`, hint })
      }
      if (open.has(target)) return fault({ offset, message: `the anchor "${node.source}" holds itself` })
      aliases++
      if (aliases === ALIASES_MAX) return fault({ offset, message: `more than ${ALIASES_MAX} aliases` })
      return aliases > ALIASES_MAX ? undefined : plainValue(target)
    }
    if (isScalar(node)) return node.value
    if (!isMap(node) && !isSeq(node)) return undefined
    open.add(node)
    const value = isSeq(node) ? node.items.map(plainValue) : Object.create(null)
    if (isMap(node)) {
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : ''
        if (Object.hasOwn(value, key))
          keysTwice.push({ offset: offsetOf(pair.key), message: `the key "${key}" is given twice` })
        if (key === '__proto__') fault({ offset: offsetOf(pair.key), message: '"__proto__" cannot be a key' })
        else value[key] = plainValue(pair.value) ?? null
      }
    }
    open.delete(node)
    return value
  }

  function fault(found: NodeFault): undefined {
    faults.push(found)
  }

  return { value: plainValue(yaml.contents), faults, keysTwice }
}

function offsetOf(node: unknown): number {
  return isAlias(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0
}

/** Each alias counts once for every time that it is followed. */
const ALIASES_MAX = 1000
