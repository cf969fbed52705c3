import { z } from 'zod'
import { configurationSchema } from './schema.ts'

/**
 * The JSON Schema of windrose.yaml, for editors: `# yaml-language-server: $schema=FILE` in the first line of a
 * configuration. It says the shape only; what refers to what is checked when the configuration is read.
 */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...shape } = z.toJSONSchema(configurationSchema, { io: 'input' })
  return { $schema, title: 'windrose.yaml', description: 'The configuration of the windrose name server.', ...shape }
}
