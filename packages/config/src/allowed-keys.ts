import { z } from 'zod'
import type { DocumentPath } from './document-path.ts'

/** The keys that a schema knows at a path, for "did you mean"; none where it has no mapping of fixed keys. */
export function allowedKeys(schema: z.ZodType, path: DocumentPath): string[] {
  return schemasAt(schema, path).flatMap((node) => Object.keys(node.properties ?? {}))
}

/** The fixed words that a schema takes as the value at a path. */
export function allowedWords(schema: z.ZodType, path: DocumentPath): string[] {
  return schemasAt(schema, path).flatMap((node) =>
    [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])].map(String),
  )
}

function schemasAt(schema: z.ZodType, path: DocumentPath): JsonSchema[] {
  const root = jsonSchemaOf(schema)
  let nodes = [root]
  for (const segment of path)
    nodes = nodes.flatMap((node) => alternatives(node, root)).flatMap((node) => step(node, segment))
  return nodes.flatMap((node) => alternatives(node, root))
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = made.get(schema)
  if (known !== undefined) return known
  const jsonSchema = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  made.set(schema, jsonSchema)
  return jsonSchema
}

/** A file with a thousand unknown keys asks a thousand times. */
const made = new WeakMap<z.ZodType, JsonSchema>()

/** As much of a JSON Schema as the walk needs. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly const?: unknown
}

function alternatives(node: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  const named = node.$ref === undefined ? undefined : root.$defs?.[node.$ref.replace('#/$defs/', '')]
  if (named !== undefined) return alternatives(named, root)
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap((each) => alternatives(each, root))
}

function step(node: JsonSchema, segment: string | number): JsonSchema[] {
  if (typeof segment === 'number') return node.items === undefined ? [] : [node.items]
  const property = node.properties?.[segment]
  if (property !== undefined) return [property]
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
}
