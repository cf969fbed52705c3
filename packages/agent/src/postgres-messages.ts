/**
 * The first messages between a PostgreSQL client and its server: PostgreSQL documentation, "Message Formats". All numbers
 * are big-endian.
 */

/** Asks whether the server speaks TLS; the answer is one octet, `S` or `N`. */
export const SSL_REQUEST: Buffer = Buffer.from('00000008' + '04d2162f', 'hex')

/** Protocol 3.0 with the parameters, each a name and a value that end with a zero octet. */
export function composeStartup(parameters: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(parameters)
    .flat()
    .map((text) => `${text}\0`)
  const body = Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(`${texts.join('')}\0`)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([length, body])
}

export type PostgresAnswer =
  /** It asks for a password, or lets the user in without. */
  | { readonly kind: 'authentication' }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'foreign' }

const MESSAGE_LIMIT = 30_000

/** The answer to a start-up message: a type, a length that counts itself, and as many octets. */
export function parsePostgresAnswer(octets: Buffer): PostgresAnswer {
  const type = octets.toString('latin1', 0, 1)
  if (type === '') return { kind: 'incomplete' }
  if (type !== 'R' && type !== 'E' && type !== 'v') return { kind: 'foreign' }
  if (octets.length < 5) return { kind: 'incomplete' }
  const length = octets.readUInt32BE(1)
  if (length < 8 || length > MESSAGE_LIMIT) return { kind: 'foreign' }
  if (octets.length < 1 + length) return { kind: 'incomplete' }
  // NegotiateProtocolVersion may go before the answer proper.
  if (type === 'v') return parsePostgresAnswer(octets.subarray(1 + length))
  if (type === 'R') return { kind: 'authentication' }
  const fields = octets.toString('utf8', 5, 1 + length).split('\0')
  const field = (code: string) => fields.find((text) => text.startsWith(code))?.slice(1) ?? ''
  return { kind: 'error', sqlstate: field('C'), message: field('M') }
}
