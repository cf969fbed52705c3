import type { Configuration } from '@windrose/config'
import type { Problem } from '@windrose/dns'
import type { BodyImage } from '@windrose/nameserver'
import type { ClientMap } from '@windrose/steering'
import type { ZoneImage } from '@windrose/zone'

/** Everything that the files say, ready to be served: what the compile thread hands over. Big parts lie on shared memory. */
export interface Compiled {
  readonly configuration: ServedConfiguration
  readonly zones: ZoneImage
  readonly bodies: BodyImage
  readonly geography: Geography
  readonly warnings: readonly Problem[]
}

/** The configuration without the records of its zones: those are in the image, and too many to hand from thread to thread. */
export interface ServedConfiguration extends Omit<Configuration, 'zones'> {
  readonly zones: readonly ZoneSummary[]
}

export interface ZoneSummary {
  /** `gslb.example.com.` */
  readonly apex: string
  /** Records of the master file. */
  readonly records: number
  /** Names that are steered. */
  readonly steered: number
}

/** Where clients are, for every distinct question that services ask of it. */
export interface Geography {
  /** By the `clientMap` of a service. */
  readonly maps: readonly ClientMap[]
  readonly databases: readonly DatabaseSummary[]
}

export interface DatabaseSummary {
  /** Absolute path. */
  readonly file: string
  /** As its metadata says: `GeoLite2-City`. */
  readonly type: string
  readonly precision: 'city' | 'country' | 'asn'
  /** Epoch milliseconds. */
  readonly builtAt: number
  /** The line that its licence asks to show; empty where the maker is not known. */
  readonly attribution: string
}

/** Why nothing could be compiled: a sentence, and the places in files where it is about them. */
export interface CompileRefusal {
  readonly refusal: string
  readonly problems: readonly Problem[]
}

/** What the compile thread is asked. */
export type CompileRequest =
  | { readonly kind: 'everything'; readonly file: string; readonly listen: readonly string[] | undefined }
  | { readonly kind: 'geography'; readonly geo: Configuration['geo'] }

/** What the compile thread is started with. */
export interface CompileThreadData {
  readonly request: CompileRequest
  /** Whether it gives way to the other threads of the process. */
  readonly isBehind: boolean
}

/** Compiles off the threads that answer. Never rejects: what goes wrong is a refusal. */
export interface Compiler {
  everything(file: string, listen: readonly string[] | undefined): Promise<Compiled | CompileRefusal>
  geography(geo: Configuration['geo']): Promise<Geography | CompileRefusal>
}
