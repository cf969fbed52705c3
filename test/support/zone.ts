/** A small steered zone for whole-server tests: three sites on documentation addresses, nothing checked. */
export const THREE_SITES = `
sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }
  sin: { at: [1.35, 103.99], country: SG }
services:
  web:
    policy: nearest
    ttl: 30s
    pools:
      fra: [192.0.2.10, "2001:db8:1::10"]
      iad: [198.51.100.10, "2001:db8:2::10"]
      sin: [203.0.113.10]
zones:
  gslb.example:
    records: gslb.example.zone
    steer: { www: web, "*.app": web }
`

export const ZONE = `
$TTL 1h
@       IN SOA  ns1 hostmaster 1 1h 15m 1w 30s
        IN NS   ns1
ns1     IN A    127.0.0.1
static  IN A    192.0.2.80
static  IN TXT  "one" "two"
alias   IN CNAME www
chain   IN CNAME alias
gone    IN CNAME nothing
old     IN DNAME app
*.wild  IN A    192.0.2.81
big     IN TXT  ( "${'a'.repeat(250)}" "${'b'.repeat(250)}" "${'c'.repeat(250)}" "${'d'.repeat(250)}" "${'e'.repeat(250)}" "${'f'.repeat(250)}" )
`

/** The files of a server with this zone. */
export const FILES: Readonly<Record<string, string>> = { 'windrose.yaml': THREE_SITES, 'gslb.example.zone': ZONE }

export const FRANKFURT = '192.0.2.10'
export const ASHBURN = '198.51.100.10'
export const SINGAPORE = '203.0.113.10'

/** Client subnets of London and of the United States in the country database. */
export const LONDON = '81.2.69.0/24'
export const AMERICA = '8.8.8.0/24'
