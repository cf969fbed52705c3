import { readFileSync } from 'node:fs'
import { type Metadata, Reader } from './maxmind-reader.ts'
import { sampleRecords } from './sample-records.ts'
import { recogniseSchema, type Schema } from './schema.ts'
import { dataStart, type SearchTree } from './search-tree.ts'

/** An MMDB file, read into memory and found to be of use. */
export interface Database {
  readonly path: string
  readonly tree: SearchTree
  readonly schema: Schema
  readonly metadata: Metadata
  /** The library's reader on the same octets: decodes whole records, for people to look at. */
  readonly reader: Reader
}

/** Why a file is of no use, in one line: what, which file, why, and what to do. */
export interface DatabaseProblem {
  readonly problem: string
}

/** Records looked at to learn which fields a database has. */
const SAMPLES = 256

/**
 * Opens a database: reads the file whole, checks that it is an undamaged MMDB, and learns its schema.
 *
 * The octets are a copy, so that the file may be replaced while they are in use. IPv4-only and IPv6-only files are
 * fine: see `missingFamilies`.
 */
export function openDatabase(path: string): Database | DatabaseProblem {
  let octets: Buffer
  try {
    octets = readFileSync(path)
  } catch (error) {
    return { problem: `geo database ${path}: ${readProblem(error)}` }
  }
  return openDatabaseOctets(path, octets)
}

/** The same for octets that are in memory already; `path` is only what they are called. */
export function openDatabaseOctets(path: string, octets: Buffer): Database | DatabaseProblem {
  const refuse = (why: string): DatabaseProblem => ({ problem: `geo database ${path}: ${why}` })
  if (octets.length === 0) return refuse('the file is empty; download it again')
  if (octets[0] === 0x1f && octets[1] === 0x8b) return refuse('the file is compressed; unpack it with gunzip first')
  if (octets.lastIndexOf(METADATA_MARKER) < 0) {
    return refuse('not an MMDB file, or cut off before its end; download it again in the .mmdb format')
  }
  let reader: Reader
  try {
    reader = new Reader(octets)
  } catch (error) {
    return refuse(`the metadata is damaged (${oneLine(error)}); download the file again`)
  }
  const { metadata } = reader
  const tree: SearchTree = {
    octets,
    nodeCount: metadata.nodeCount,
    recordSize: metadata.recordSize,
    ipVersion: metadata.ipVersion,
  }
  if (metadata.binaryFormatMajorVersion !== 2) {
    return refuse(`MMDB format ${metadata.binaryFormatMajorVersion} is not known; use a file of format 2`)
  }
  if (!(tree.nodeCount > 0) || (tree.ipVersion !== 4 && tree.ipVersion !== 6)) {
    return refuse('the metadata is damaged (node count or IP version); download the file again')
  }
  if (dataStart(tree) > octets.lastIndexOf(METADATA_MARKER) || !hasSeparator(tree)) {
    return refuse('the file is shorter than its metadata says, or damaged; download it again')
  }
  try {
    const schema = recogniseSchema(metadata.databaseType, sampleRecords(tree, reader, SAMPLES))
    return 'problem' in schema ? refuse(schema.problem) : { path, tree, schema, metadata, reader }
  } catch (error) {
    return refuse(`the data is damaged (${oneLine(error)}); download the file again`)
  }
}

const METADATA_MARKER: Buffer = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/** Between tree and data stand zero octets: if they do not, the tree is not as long as the metadata says. */
function hasSeparator(tree: SearchTree): boolean {
  const end = dataStart(tree)
  return tree.octets.subarray(end - 16, end).every((octet) => octet === 0)
}

function readProblem(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'no such file; check the path under geo.databases'
    case 'EISDIR':
      return 'this is a directory; name the .mmdb file in it'
    case 'EACCES':
      return 'not readable; give the user that windrose runs as the right to read it'
    default:
      return oneLine(error)
  }
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
