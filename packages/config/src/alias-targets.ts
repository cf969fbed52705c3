import { type Alias, type Document, isAlias, isCollection, isScalar, type Node, visit } from 'yaml'

/** What each alias of a document stands for; those that nothing is named for are left out. */
export type AliasTargets = ReadonlyMap<Alias, Node>

/**
 * Finds what all aliases of a document stand for: for each the last node of that anchor before it (YAML 1.2.2, 7.1).
 *
 * One walk for all: `Alias.resolve` walks the document for each, and again whenever it is asked.
 */
export function aliasTargets(yaml: Document): AliasTargets {
  const named = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(yaml, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = named.get(node.source)
        if (target !== undefined) targets.set(node, target)
      } else if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) named.set(node.anchor, node)
    },
  })
  return targets
}
