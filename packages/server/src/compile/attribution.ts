import type { Database } from '@windrose/geo'

/** The line that the makers of free databases ask to be shown to those who use what is made of them. */
export function attributionOf(vendor: Database['schema']['vendor']): string | undefined {
  return LINES[vendor]
}

const LINES: Readonly<Record<Database['schema']['vendor'], string | undefined>> = {
  MaxMind: 'This product includes GeoLite data created by MaxMind, available from https://www.maxmind.com',
  'DB-IP': 'IP geolocation by DB-IP, https://db-ip.com',
  IPinfo: 'IP address data powered by IPinfo, https://ipinfo.io',
  'ip-location-db': 'IP location data from ip-location-db, https://github.com/sapics/ip-location-db',
  unknown: undefined,
}
