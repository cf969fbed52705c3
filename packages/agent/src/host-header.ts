/** The authority of an address or name, with the port where it is not the scheme's own (RFC 9110 section 7.2). */
export function hostOf(name: string, port: number, defaultPort: number | undefined): string {
  const host = name.includes(':') ? `[${name}]` : name
  return port === defaultPort ? host : `${host}:${port}`
}
