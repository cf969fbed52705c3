import type { ServedConfiguration } from '../compile/compiled.ts'

/** The name of the agent inside a server that shares no store. */
export const EMBEDDED_AGENT = 'embedded'

/** The place that it speaks for. */
export function embeddedVantage({ health }: Pick<ServedConfiguration, 'health'>): string {
  return health.vantages[0]?.name ?? 'local'
}
