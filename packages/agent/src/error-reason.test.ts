import { Attempt } from './attempt.ts'
import { endWithError } from './error-reason.ts'

test.each([
  ['ECONNREFUSED', 'failure', 'connection refused'],
  ['EHOSTUNREACH', 'failure', 'host unreachable'],
  ['ENETUNREACH', 'failure', 'network unreachable'],
  ['HPE_INVALID_HEADER_TOKEN', 'failure', 'malformed HTTP response (invalid header token)'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'failure', 'TLS failed: wrong version number'],
  ['EWHATEVER', 'failure', 'in the error\u2019s own words'],
  ['EMFILE', 'inconclusive', 'the agent has no file descriptors left'],
  ['EADDRNOTAVAIL', 'inconclusive', 'the agent has no local address or port for the connection'],
  ['EPERM', 'inconclusive', 'the agent\u2019s machine forbids the connection'],
])('%s ends a probe as %s: %s', async (code, outcome, reason) => {
  const attempt = new Attempt(1000, new AbortController().signal)
  endWithError(attempt, Object.assign(new Error('in the error\u2019s own words'), { code }))
  expect(await attempt.result).toMatchObject({ outcome, reason })
})

test('only the first end of a probe counts, and what is held after it is released at once', async () => {
  const attempt = new Attempt(1000, new AbortController().signal)
  let released = 0
  attempt.onEnd(() => released++)
  attempt.fail('first')
  attempt.succeed('second')
  attempt.giveUp('third')
  attempt.onEnd(() => released++)
  expect(await attempt.result).toMatchObject({ outcome: 'failure', reason: 'first' })
  expect(released).toBe(2)
})
