import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationJsonSchema } from './json-schema.ts'

interface Node {
  readonly description?: string
  readonly not?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | false
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

describe('the JSON Schema', () => {
  test('in the repository is current: if not, run scripts/write-json-schema.mjs', () => {
    const file = join(__dirname, '../schema/windrose.schema.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(configurationJsonSchema())
  })

  test('describes every key, as they are the reference', () => {
    const undescribed: string[] = []
    visit(configurationJsonSchema() as Node, '', (path, node) => {
      if (node.not === undefined && node.description === undefined) undescribed.push(path)
    })
    expect(undescribed).toEqual([])
  })

  test('knows no mapping of fixed keys that takes others', () => {
    const open: string[] = []
    visit(configurationJsonSchema() as Node, '', (path, node) => {
      for (const each of [node, ...(node.anyOf ?? [])]) {
        if (each.properties !== undefined && each.additionalProperties !== false) open.push(path)
      }
    })
    expect(open).toEqual([])
  })
})

/** Visits every key of every mapping. */
function visit(node: Node, path: string, see: (path: string, node: Node) => void): void {
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    see(`${path}.${key}`, property)
    visit(property, `${path}.${key}`, see)
  }
  if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}.*`, see)
  if (node.items !== undefined) visit(node.items, `${path}[]`, see)
  for (const branch of node.anyOf ?? []) visit(branch, path, see)
}
