import type { KnownNames } from '@windrose/health'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** The names of a configuration that targets of overrides can speak of. */
export function knownNames({ sites, services, endpoints }: ServedConfiguration): KnownNames {
  return {
    sites: sites.map(({ name }) => name),
    services: services.map(({ name }) => name),
    endpoints: endpoints.map(({ endpoint }) => endpoint.id),
  }
}
