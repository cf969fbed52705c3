import { composeRr, type Rr, type Writer } from '@windrose/dns'
import type { Answer } from './answer.ts'

/** How far a composed answer reaches: what the sections hold, and where the part ends that must be sent. */
export interface Composed {
  /** Position behind the last record that may not be left out. */
  readonly required: number
  readonly additionals: number
  readonly requiredAdditionals: number
}

/**
 * Composes the sections of an answer behind the question, in the order of RFC 1035 4.1: answers, authorities, glue, then
 * what may be left out, which is left out whole where it does not fit. The only place that writes sections. When the
 * writer is full afterwards, what is required did not fit.
 */
export function composeAnswer(answer: Answer, writer: Writer): Composed {
  composeSection(answer.answers, writer)
  composeSection(answer.authorities, writer)
  composeSection(answer.glue, writer)
  const required = writer.position
  const requiredAdditionals = answer.glue.length
  if (writer.full) return { required, additionals: requiredAdditionals, requiredAdditionals }
  composeSection(answer.additionals, writer)
  if (!writer.full)
    return { required, additionals: requiredAdditionals + answer.additionals.length, requiredAdditionals }
  writer.rollback(required)
  return { required, additionals: requiredAdditionals, requiredAdditionals }
}

function composeSection(records: readonly Rr[], writer: Writer): void {
  for (const record of records) composeRr(writer, record)
}
