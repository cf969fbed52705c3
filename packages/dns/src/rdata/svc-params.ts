import { printQuoted, readOctets } from './character-string.ts'
import type { Field } from './field.ts'
import { formOf, mandatoryKeys, printSvcParamKey, SvcParamKey, svcParamKeyOf } from './svc-param-values.ts'
import type { Words } from './words.ts'

/**
 * The service parameters of SVCB and HTTPS, RFC 9460 sections 2.1 and 2.2: on the wire in ascending order of their
 * keys, each once; in a file in any order, as `key=value`, `key="value"` or `key`.
 */
export const svcParams: Field = {
  parse: (reader, writer) => {
    const values = new Map<number, Uint8Array>()
    let last = -1
    while (reader.remaining > 0) {
      const key = reader.u16()
      const value = reader.take(reader.u16())
      if (key <= last || formOf(key)?.isWellFormed(value) === false) reader.fail()
      if (reader.short) return
      last = key
      values.set(key, value)
      writer.u16(key)
      writer.u16(value.length)
      writer.bytes(value)
    }
    if (missingMandatory(values) !== undefined) reader.fail()
  },
  read: (words, writer) => {
    const values = new Map<number, Uint8Array>()
    const first = words.peek()
    while (!words.atEnd) readParam(words, values)
    const missing = missingMandatory(values)
    if (first === undefined || words.problem !== undefined) return
    if (missing !== undefined) words.refuse(first, `'mandatory' lists ${printSvcParamKey(missing)}, which is not there`)
    if (values.has(SvcParamKey.NO_DEFAULT_ALPN) && !values.has(SvcParamKey.ALPN)) {
      words.refuse(first, "'no-default-alpn' needs 'alpn' beside it")
    }
    for (const [key, value] of [...values].sort(([a], [b]) => a - b)) {
      writer.u16(key)
      writer.u16(value.length)
      writer.bytes(value)
    }
  },
  print: (reader) => {
    const texts: string[] = []
    while (reader.remaining > 0) {
      const key = reader.u16()
      const value = reader.take(reader.u16())
      const text = formOf(key)?.print(value) ?? (value.length === 0 ? '' : printQuoted(value))
      texts.push(text === '' ? printSvcParamKey(key) : `${printSvcParamKey(key)}=${text}`)
    }
    return texts.join(' ')
  },
}

function readParam(words: Words, values: Map<number, Uint8Array>): void {
  const word = words.next('a parameter')!
  const equals = word.text.indexOf('=')
  const mnemonic = equals < 0 || word.quoted ? word.text : word.text.slice(0, equals)
  const key = word.quoted ? undefined : svcParamKeyOf(mnemonic)
  if (key === undefined) {
    words.refuse(word, `'${mnemonic}' is no service parameter`, 'such as alpn=h2,h3 or key667=text')
  } else if (values.has(key)) {
    words.refuse(word, `the parameter ${mnemonic} is there twice`)
  } else {
    const text = readOctets(equals < 0 ? '' : word.text.slice(equals + 1))
    const value = typeof text === 'string' ? text : readValue(key, mnemonic, text)
    if (typeof value === 'string') words.refuse(word, `${mnemonic}: ${value}`)
    else values.set(key, value)
  }
}

/** A known key by its number takes the octets of the value as they are, so they are checked like received ones. */
function readValue(key: number, mnemonic: string, text: readonly number[]): Uint8Array | string {
  const form = formOf(key)
  const value = form === undefined || form.mnemonic !== mnemonic.toLowerCase() ? Uint8Array.from(text) : form.read(text)
  if (typeof value === 'string') return value
  return form?.isWellFormed(value) === false ? 'the value is missing or malformed' : value
}

/** RFC 9460 section 8: every key that `mandatory` lists is there. */
function missingMandatory(values: ReadonlyMap<number, Uint8Array>): number | undefined {
  const value = values.get(SvcParamKey.MANDATORY)
  return value === undefined ? undefined : mandatoryKeys(value).find((key) => !values.has(key))
}
