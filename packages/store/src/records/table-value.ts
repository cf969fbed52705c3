/** What lies under the key of a table: which entry of the log it goes with, a signature or none, and the record. */
export interface TableValue {
  /** Entries of the log after this one are not in the record. */
  readonly logId: string
  readonly signature: Uint8Array
  readonly record: Uint8Array
}

/** An octet of length and the id, an octet of length and the signature, the record. */
export function readTableValue(octets: Uint8Array): TableValue | { readonly problem: string } {
  const idEnd = 1 + (octets[0] ?? 0)
  const signatureEnd = idEnd + 1 + (octets[idEnd] ?? 0)
  if (signatureEnd > octets.length) return { problem: `${octets.length} octets are no table` }
  const logId = Buffer.from(octets.subarray(1, idEnd)).toString('latin1')
  if (!/^\d+-\d+$/.test(logId)) return { problem: 'a table that does not say where its log goes on' }
  return { logId, signature: octets.subarray(idEnd + 1, signatureEnd), record: octets.subarray(signatureEnd) }
}
