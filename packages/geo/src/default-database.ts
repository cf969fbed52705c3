import { createRequire } from 'node:module'

/**
 * The database that is used when the configuration names none: countries of the whole address space, in the public
 * domain (CC0), from an npm package that comes with the installation. Throws when the package is missing.
 */
export function defaultDatabase(): string {
  const require = createRequire(import.meta.url)
  return require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb')
}
