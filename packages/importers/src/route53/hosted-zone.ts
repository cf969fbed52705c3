import type { Name } from '@windrose/dns'
import type { Draft } from '../draft.ts'
import type { CidrBlocks } from './cidr-blocks.ts'
import type { HealthChecks } from './health-checks.ts'
import type { SetsByOwner } from './record-set.ts'

/** What the recipes of a hosted zone are made of. */
export interface HostedZone {
  readonly draft: Draft
  readonly owners: SetsByOwner
  readonly apex: Name
  readonly checks: HealthChecks
  readonly blocks: CidrBlocks
}
