import type { YAMLParseError, YAMLWarning } from 'yaml'
import type { NodeFault } from './yaml-value.ts'

/** A fault of the YAML itself, said for people who do not know the grammar by heart. */
export function yamlFault(error: YAMLParseError | YAMLWarning, text: string): NodeFault {
  const offset = error.pos[0]
  const words = text.slice(offset, error.pos[1])
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { offset, message: 'a tab in the indentation', hint: 'indent with spaces' }
    case 'BAD_SCALAR_START':
      return { offset, message: `a plain text cannot start with "${words[0]}"`, hint: 'put the text in quotes' }
    case 'BAD_ALIAS':
      return aliasFault(text, offset)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { offset, message: 'a mapping inside a line', hint: 'put a text that holds ": " in quotes' }
    case 'MULTILINE_IMPLICIT_KEY':
      return { offset, message: 'a line without a key', hint: 'a key is followed by ": ", with a space' }
    case 'MULTIPLE_DOCS':
      return { offset, message: 'a second document', hint: 'one file holds one document: remove the "---"' }
    case 'TAG_RESOLVE_FAILED':
      return { offset, message: `the tag "${words}" is not known` }
    case 'NON_STRING_KEY':
      return { offset, message: 'a key must be a text', hint: 'put it in quotes' }
    default:
      return { offset, message: `not valid YAML: ${firstLower(error.message)}` }
  }
}

/** The error is placed at the last character of the alias or anchor. */
function aliasFault(text: string, end: number): NodeFault {
  const alias = text.lastIndexOf('*', end)
  const anchor = text.lastIndexOf('&', end)
  const message = alias > anchor ? 'reads as an alias' : 'reads as an anchor'
  return { offset: Math.max(0, alias, anchor), message, hint: 'put it in quotes' }
}

function firstLower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
