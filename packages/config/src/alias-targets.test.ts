import fc from 'fast-check'
import { type Alias, isAlias, parseDocument, visit } from 'yaml'
import { aliasTargets } from './alias-targets.ts'
import { readDocument } from './read-document.ts'

test('an alias stands for the last node of that name before it', () => {
  const { document } = readDocument('f', '[&x 1, *x, &x 2, *x, { a: &y [*x], b: *y }]')
  expect(document?.value).toEqual([1, 1, 2, 2, { a: [2], b: [2] }])
})

test('whatever is named where, it is what the library resolves', () => {
  const item = fc.oneof(
    fc.constantFrom('*x', '*y', '1', '&x 2', '&y 3', '&x [*y, 4]', '&y { a: &x 5, b: *x }', '{ c: *y }'),
    fc.constantFrom('[&x 6, *x]', '&x { *y : 1 }'),
  )
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), (items) => {
      const yaml = parseDocument(`[${items.join(', ')}]`, { stringKeys: true })
      const targets = aliasTargets(yaml)
      const aliases: Alias[] = []
      visit(yaml, (_, node) => void (isAlias(node) && aliases.push(node)))
      for (const alias of aliases) expect(targets.get(alias)).toBe(alias.resolve(yaml))
    }),
  )
})
