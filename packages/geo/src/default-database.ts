import { createRequire } from 'node:module'

/**
 * The database that is used when the configuration names none: the countries of the whole address space, from an npm
 * package that comes with the installation (geo-data/README.md has its licence). Throws when the package is missing.
 */
export function defaultDatabase(): string {
  const require = createRequire(import.meta.url)
  return require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb')
}
