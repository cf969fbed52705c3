import type { Attempt } from './attempt.ts'

/** Ends a probe with what an error means for people, and for whom it speaks: the target or the agent. */
export function endWithError(attempt: Attempt, error: unknown): void {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const own = OWN_TROUBLE.get(code)
  if (own !== undefined) attempt.giveUp(own)
  else attempt.fail(TARGET_TROUBLE.get(code) ?? explainFamily(code, message))
}

/** Whether the other side just closed: Node gives that the code of a reset, but no system call that failed. */
export function isHangUp(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' && syscall === undefined
}

/** Errors of the machine that probes. Said of a target they would take down what is well. */
const OWN_TROUBLE: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'the agent has no file descriptors left'],
  ['ENFILE', 'the agent\u2019s machine has no file descriptors left'],
  ['ENOBUFS', 'the agent\u2019s machine has no network buffers left'],
  ['ENOMEM', 'the agent\u2019s machine has no memory left'],
  ['EADDRNOTAVAIL', 'the agent has no local address or port for the connection'],
  ['EAFNOSUPPORT', 'the agent\u2019s machine does not support this address family'],
  ['EACCES', 'the agent\u2019s machine forbids the connection'],
  ['EPERM', 'the agent\u2019s machine forbids the connection'],
])

const TARGET_TROUBLE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection closed while sending'],
  ['ETIMEDOUT', 'connection timed out'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['HPE_HEADER_OVERFLOW', 'response headers too large'],
  ['HPE_INVALID_CONSTANT', 'not an HTTP response'],
])

function explainFamily(code: string, message: string): string {
  if (code.startsWith('HPE_')) return `malformed HTTP response (${code.slice(4).toLowerCase().replaceAll('_', ' ')})`
  if (code.startsWith('ERR_SSL_')) return `TLS failed: ${code.slice(8).toLowerCase().replaceAll('_', ' ')}`
  if (code === 'EPROTO') return 'TLS failed: not a TLS answer'
  return message || code || 'failed for an unknown reason'
}
