/**
 * The `maxmind` library as it is used here: on octets in memory, for records of any schema.
 *
 * Its types describe MaxMind's own schemas alone, so a record is `unknown` until a schema says where its fields are.
 */
import * as maxmind from 'maxmind'

/** What the file says about itself. */
export interface Metadata {
  readonly binaryFormatMajorVersion: number
  readonly binaryFormatMinorVersion: number
  readonly buildEpoch: Date
  readonly databaseType: string
  readonly nodeCount: number
  readonly recordSize: number
  readonly ipVersion: number
}

export interface Reader {
  readonly metadata: Metadata
  /** The record of an address, null when nothing is known, and the length of the prefix it stands for. */
  getWithPrefixLength(address: string): [unknown, number]
}

export const Reader: new (octets: Buffer) => Reader = maxmind.Reader
