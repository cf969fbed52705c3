import type { Logger } from './log.ts'

/** What a server is started with. */
export interface StartOptions {
  readonly configFile: string
  /** `ADDRESS:PORT`, instead of what the configuration says. */
  readonly listen?: readonly string[]
  readonly log: Logger
  /** How UDP packets are moved; by default the fastest way that works here. */
  readonly transport?: 'auto' | 'mmsg' | 'dgram'
}
