/** What `windrose import` reads. */
export const IMPORT_SOURCES = ['gdnsd', 'route53', 'octodns', 'powerdns'] as const
export type ImportSource = (typeof IMPORT_SOURCES)[number]
