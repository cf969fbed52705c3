import type { Override } from '@windrose/health'

/** One line of the audit: who did what to which override. */
export interface OverrideAction {
  /** Epoch milliseconds, by the store's clock. */
  readonly at: number
  readonly action: 'put' | 'remove'
  readonly by: string
  readonly override: Override
}
