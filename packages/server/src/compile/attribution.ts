import type { Database } from '@windrose/geo'

/** The line that the makers of free databases ask to have shown; empty where the maker is not known. */
export function attributionOf(vendor: Database['schema']['vendor']): string {
  return LINES[vendor]
}

const LINES: Readonly<Record<Database['schema']['vendor'], string>> = {
  MaxMind: 'This product includes GeoLite data created by MaxMind, available from https://www.maxmind.com',
  'DB-IP': 'IP geolocation by DB-IP, https://db-ip.com',
  IPinfo: 'IP address data powered by IPinfo, https://ipinfo.io',
  'ip-location-db':
    'IP location data from ip-location-db (https://github.com/sapics/ip-location-db), with data of the NRO (https://www.nro.net)',
  unknown: '',
}
