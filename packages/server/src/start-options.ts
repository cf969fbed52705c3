import type { Answering, AnsweringOptions } from './answering.ts'
import type { Compiler } from './compile/compiled.ts'
import type { Logger } from './log.ts'

/** How a server is started. */
export interface StartOptions {
  readonly configFile: string
  /** `ADDRESS:PORT`, instead of what the configuration says. */
  readonly listen?: readonly string[]
  readonly log: Logger
  /** How UDP packets are moved; by default the fastest way that works here. */
  readonly transport?: 'auto' | 'mmsg' | 'dgram'
}

/** What a server is put together from besides: the parts that have threads of their own. */
export interface AssemblyOptions extends StartOptions {
  readonly compiler: Compiler
  readonly startAnswering: (options: AnsweringOptions) => Promise<Answering>
}
