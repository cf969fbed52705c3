import type { PeerCertificate } from 'node:tls'

export interface CertificateView {
  /** A sentence when the certificate is not good for the name. */
  readonly problem: string | undefined
  /** A sentence when it is good, but not for long. */
  readonly concern: string | undefined
}

/** What is asked of a certificate. */
export interface CertificateDemand {
  /** The code of the failed verification, undefined when it succeeded. */
  readonly error: string | undefined
  /** What it should be for. */
  readonly name: string
  /** With fewer days to live it is a concern. */
  readonly minDaysLeft: number
}

export function viewCertificate(
  certificate: Pick<PeerCertificate, 'valid_from' | 'valid_to' | 'subject' | 'subjectaltname'>,
  { error, name, minDaysLeft }: CertificateDemand,
  timeMs: number,
): CertificateView {
  const expiresAt = Date.parse(certificate.valid_to)
  if (error !== undefined) return { problem: explain(certificate, error, name, timeMs), concern: undefined }
  const soon = expiresAt - timeMs < minDaysLeft * DAY_MS
  return { problem: undefined, concern: soon ? `certificate expires on ${printDay(expiresAt)}` : undefined }
}

const DAY_MS = 24 * 3600 * 1000

function explain(
  certificate: Pick<PeerCertificate, 'valid_from' | 'valid_to' | 'subject' | 'subjectaltname'>,
  error: string,
  name: string,
  timeMs: number,
): string {
  switch (error) {
    case 'CERT_HAS_EXPIRED': {
      // The code does not say which certificate of the chain.
      const expiresAt = Date.parse(certificate.valid_to)
      return expiresAt <= timeMs
        ? `certificate expired on ${printDay(expiresAt)}`
        : 'an authority\u2019s certificate in the chain has expired'
    }
    case 'CERT_NOT_YET_VALID':
      return `certificate is not valid before ${printDay(Date.parse(certificate.valid_from))}`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `certificate is for ${printNames(certificate)}, not ${name}`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'certificate is self-signed'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'certificate is from an authority that is not trusted'
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'certificate is from an authority that is not trusted, or the server leaves an intermediate certificate out'
    default:
      return `certificate refused: ${error.toLowerCase().replaceAll('_', ' ')}`
  }
}

/** The names a certificate is for: at most three of them, for some have hundreds. */
function printNames(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): string {
  const names = (certificate.subjectaltname ?? '').split(', ').flatMap((entry) => {
    const [, name] = /^(?:DNS|IP Address):(.+)$/.exec(entry) ?? []
    return name === undefined ? [] : [name]
  })
  if (names.length === 0) return String(certificate.subject?.CN ?? 'no name')
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

/** `2026-05-03`, in UTC. */
function printDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}
