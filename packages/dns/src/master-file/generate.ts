import type { Word } from '../rdata/words.ts'
import type { Entry } from './entries.ts'
import { addError, type OpenFile, type Reading } from './reading.ts'
import { readRecord } from './record.ts'

/**
 * Reads $GENERATE, BIND's shorthand for a series: `$GENERATE 1-9/2 host-$ A 192.0.2.$` makes a record for each
 * number, in which `$` is the number and `${offset,width,base}` a changed one (base d, o, x or X); `\$` or `$$` is a
 * dollar sign.
 */
export function readGenerate(reading: Reading, open: OpenFile, entry: Entry): void {
  const [directive, range, ...rest] = entry.words as [Word, ...Word[]]
  if (range === undefined || rest.length === 0) {
    addError(reading, open, directive, { message: '$GENERATE needs a range and a record', hint: EXAMPLE })
    return
  }
  const bounds = readRange(range.text)
  if (typeof bounds === 'string') {
    addError(reading, open, range, { message: `'${range.text}' is no range: ${bounds}`, hint: EXAMPLE })
    return
  }
  const before = reading.problems.length
  for (let number = bounds.start; number <= bounds.stop; number += bounds.step) {
    const words: Word[] = []
    for (const word of rest) {
      const text = fillIn(word.text, number)
      if (text === undefined) {
        const message = `'${word.text}': a modifier is \${offset,width,base} with base d, o, x or X`
        addError(reading, open, word, { message })
        return
      }
      words.push({ ...word, text })
    }
    readRecord(reading, open, { words, isIndented: false, fault: undefined })
    // One mistake in the line would come back for every number.
    if (reading.problems.slice(before).some(({ severity }) => severity === 'error')) return
    reading.problems.length = Math.min(reading.problems.length, before + 1)
  }
}

const EXAMPLE = 'such as $GENERATE 1-9 host-$ A 192.0.2.$'
/** One line shall not fill the memory: a /16 worth of names is the most. */
const RECORDS_MAX = 65_536

function readRange(text: string): { start: number; stop: number; step: number } | string {
  const parts = /^([0-9]{1,9})-([0-9]{1,9})(?:\/([0-9]{1,9}))?$/.exec(text)
  if (parts === null) return 'START-STOP or START-STOP/STEP is expected'
  const [start, stop, step] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)]
  if (start > stop) return 'it ends before it starts'
  if (step === 0) return 'the step is zero'
  if ((stop - start) / step >= RECORDS_MAX) return `it makes more than ${RECORDS_MAX} records`
  return { start, stop, step }
}

/** The text with its dollar signs replaced; undefined when a modifier is malformed. */
function fillIn(text: string, number: number): string | undefined {
  let isWrong = false
  const filled = text.replace(/\\.|\$\$|\$\{([^}]*)\}|\$/g, (found, modifier: string | undefined) => {
    if (found.startsWith('\\')) return found
    if (found === '$$') return '\\$'
    const printed = modifier === undefined ? String(number) : printChanged(number, modifier)
    if (printed === undefined) isWrong = true
    return printed ?? ''
  })
  return isWrong ? undefined : filled
}

function printChanged(number: number, modifier: string): string | undefined {
  const parts = /^(-?[0-9]{1,9})(?:,([0-9]{1,2}))?(?:,([doxX]))?$/.exec(modifier)
  if (parts === null) return undefined
  const changed = number + Number(parts[1])
  if (changed < 0) return undefined
  const base = parts[3] ?? 'd'
  const digits = changed.toString(base === 'd' ? 10 : base === 'o' ? 8 : 16)
  return (base === 'X' ? digits.toUpperCase() : digits).padStart(Number(parts[2] ?? 0), '0')
}
