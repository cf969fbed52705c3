import { viewCertificate } from './certificate.ts'

const certificate = {
  valid_from: 'May  1 00:00:00 2026 GMT',
  valid_to: 'Jul 30 00:00:00 2026 GMT',
  subject: { CN: 'old.example.org' } as never,
  subjectaltname: 'DNS:a.test, IP Address:2001:DB8:0:0:0:0:0:1, URI:https://x',
}
const JUNE = Date.UTC(2026, 5, 1)

describe('a certificate', () => {
  test.each([
    ['CERT_HAS_EXPIRED', Date.UTC(2026, 7, 1), 'certificate expired on 2026-07-30'],
    ['CERT_HAS_EXPIRED', JUNE, 'an authority\u2019s certificate in the chain has expired'],
    ['CERT_NOT_YET_VALID', Date.UTC(2026, 3, 1), 'certificate is not valid before 2026-05-01'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', JUNE, 'certificate is for a.test, 2001:DB8:0:0:0:0:0:1, not www.test'],
    ['SELF_SIGNED_CERT_IN_CHAIN', JUNE, 'certificate is from an authority that is not trusted'],
    ['CERT_REVOKED', JUNE, 'certificate refused: cert revoked'],
  ])('with %s is explained', (error, timeMs, problem) => {
    expect(viewCertificate(certificate, { error, name: 'www.test', minDaysLeft: 14 }, timeMs)).toEqual({
      problem,
      concern: undefined,
    })
  })

  test('without alternative names is called by its common name', () => {
    const { subjectaltname: _, ...old } = certificate
    const { problem } = viewCertificate(
      old,
      { error: 'ERR_TLS_CERT_ALTNAME_INVALID', name: 'www.test', minDaysLeft: 14 },
      JUNE,
    )
    expect(problem).toBe('certificate is for old.example.org, not www.test')
  })

  test.each([
    [14, Date.UTC(2026, 6, 16), undefined],
    [14, Date.UTC(2026, 6, 16) + 1, 'certificate expires on 2026-07-30'],
    [30, Date.UTC(2026, 5, 30) + 1, 'certificate expires on 2026-07-30'],
    [0, Date.UTC(2026, 6, 30), undefined],
  ])('that is good is a concern from %i days before its end (%i)', (minDaysLeft, timeMs, concern) => {
    const demand = { error: undefined, name: 'a.test', minDaysLeft }
    expect(viewCertificate(certificate, demand, timeMs)).toEqual({ problem: undefined, concern })
  })
})
