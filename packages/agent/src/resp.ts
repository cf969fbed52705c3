/** RESP2, the protocol of Redis: commands as arrays of bulk strings, and the replies that fit on one line. */

export function composeCommand(...words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`)
}

export type RespReply =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }

/**
 * The replies that have arrived completely, in order. `undefined` in the place of one that is none of the three kinds:
 * what follows it cannot be told apart.
 */
export function parseReplies(octets: Buffer): (RespReply | undefined)[] {
  const replies: (RespReply | undefined)[] = []
  let at = 0
  while (at < octets.length) {
    const kind = String.fromCharCode(octets[at]!)
    const end = octets.indexOf('\r\n', at)
    if (!'+-:'.includes(kind)) return [...replies, undefined]
    if (end === -1) return replies
    const text = octets.toString('utf8', at + 1, end)
    const reply = readReply(kind, text)
    replies.push(reply)
    if (reply === undefined) return replies
    at = end + 2
  }
  return replies
}

function readReply(kind: string, text: string): RespReply | undefined {
  if (kind === '+') return { kind: 'status', text }
  if (kind === '-') return { kind: 'error', text }
  return /^[+-]?\d{1,19}$/.test(text) ? { kind: 'integer', value: Number(text) } : undefined
}
