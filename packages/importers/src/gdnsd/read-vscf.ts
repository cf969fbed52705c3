import { dirname, isAbsolute, join } from 'node:path'
import type { SourceFiles } from '../source-files.ts'
import { globFiles } from './glob-files.ts'
import { VscfCursor, VscfError, type VscfFault } from './vscf-cursor.ts'
import type { VscfEntry, VscfHash, VscfList, VscfValue } from './vscf-value.ts'

/**
 * Reads a file of gdnsd's configuration language (`gdnsd.config(5)`), with everything it includes. Never throws.
 *
 * At the top there is a list in brackets, or the entries of a hash without braces. `=>` and `=` are the same, a comma after
 * an entry or an item may be left out, a key twice is a fault.
 */
export function readVscf(files: SourceFiles, path: string): VscfHash | VscfList | VscfFault {
  try {
    return readFile(files, path, { chain: [], from: { file: path, line: 1, column: 1 } })
  } catch (error) {
    if (error instanceof VscfError) return error.fault
    throw error
  }
}

export function isVscfFault(read: VscfValue | VscfFault): read is VscfFault {
  return 'message' in read
}

/** The files that include one another down to here, and the place of the last include. */
interface Included {
  readonly chain: readonly string[]
  readonly from: VscfFault['place']
}

interface Reading {
  readonly files: SourceFiles
  readonly cursor: VscfCursor
  readonly chain: readonly string[]
}

function readFile(files: SourceFiles, path: string, { chain, from }: Included): VscfHash | VscfList {
  if (chain.includes(path)) throw new VscfError({ place: from, message: `the file includes itself: ${path}` })
  const content = files.read(path)
  if ('problem' in content) throw new VscfError({ place: from, message: `cannot read ${path}: ${content.problem}` })
  const reading: Reading = { files, cursor: new VscfCursor(path, content.text), chain: [...chain, path] }
  const { cursor } = reading
  const value = cursor.peek() === '[' ? readList(reading, 0) : readEntries(reading, '', 0)
  if (cursor.peek() !== '') cursor.fail('something is left over at the end of the file')
  return value
}

function readValue(reading: Reading, depth: number): VscfValue {
  const { cursor } = reading
  if (depth > DEPTH_MAX) cursor.fail(`more than ${DEPTH_MAX} brackets inside each other`)
  const first = cursor.peek()
  const { place } = cursor
  if (first === '[') return readList(reading, depth)
  if (first === '{') {
    cursor.take(1)
    const hash = readEntries(reading, '}', depth)
    cursor.expect('}', '"}"')
    return { ...hash, place }
  }
  if (first !== '$') return { kind: 'text', place, text: cursor.readText('a value') }
  const included = readInclude(reading)
  if (included.length !== 1) cursor.fail(`the value of $include is one file, not ${included.length}`, place)
  return included[0]!
}

function readList(reading: Reading, depth: number): VscfList {
  const { cursor } = reading
  const { place } = cursor
  cursor.expect('[', '"["')
  const items: VscfValue[] = []
  while (cursor.peek() !== ']') {
    items.push(readValue(reading, depth + 1))
    cursor.takeIf(',')
  }
  cursor.take(1)
  return { kind: 'list', place, items }
}

/** The entries of a hash up to a closing brace, which is left, or to the end of the file. */
function readEntries(reading: Reading, end: '}' | '', depth: number): VscfHash {
  const cursor: VscfCursor = reading.cursor
  const { place } = cursor
  const entries = new Map<string, VscfEntry>()
  const add = (entry: VscfEntry): void => {
    if (entries.has(entry.key)) cursor.fail(`the key "${entry.key}" is there twice`, entry.place)
    entries.set(entry.key, entry)
  }
  while (cursor.peek() !== end) {
    const at = cursor.place
    if (cursor.startsWith('$')) {
      for (const merged of readInclude(reading)) {
        if (merged.kind !== 'hash') cursor.fail('an included list has no place among the entries of a hash', at)
        for (const entry of merged.entries.values()) add(entry)
      }
    } else {
      const key = cursor.readText('a key')
      cursor.expect('=', `"=>" after the key "${key}"`)
      if (cursor.startsWith('>')) cursor.take(1)
      add({ key, place: at, value: readValue(reading, depth + 1) })
    }
    cursor.takeIf(',')
  }
  return { kind: 'hash', place, entries }
}

/** The files that `$include{path}` names: one, those that a pattern matches, or those of a folder. */
function readInclude({ files, cursor: here, chain }: Reading): (VscfHash | VscfList)[] {
  const cursor: VscfCursor = here
  const from = cursor.place
  if (!cursor.startsWith('$include{')) cursor.fail('only $include{...} begins with "$"')
  cursor.take('$include{'.length)
  const written = cursor.readText('a path')
  cursor.expect('}', '"}" after the path')
  if (chain.length > INCLUDES_MAX) cursor.fail(`files include files to a depth of more than ${INCLUDES_MAX}`, from)
  const path = isAbsolute(written) ? written : join(dirname(cursor.file), written)
  const found = globFiles(files, path)
  if (found === undefined) cursor.fail(`no file is ${path}`, from)
  return found.map((file) => readFile(files, file, { chain, from }))
}

const DEPTH_MAX = 100
const INCLUDES_MAX = 50
