import type { Override } from '@windrose/health'
import type { Follower, Refusal, StoreLink } from './store.ts'

/** Remembers all that it is told. */
export class RecordingFollower implements Follower {
  readonly all: unknown[] = []
  readonly keys = new Set<number>()
  readonly links: StoreLink[] = []
  readonly refusals: Refusal[] = []
  readonly states = new Map<string, Uint8Array>()
  overrides: readonly Override[] = []
  agents = 0

  onAll(image: { readonly overrides: readonly Override[]; readonly states: ReadonlyMap<string, Uint8Array> }): void {
    this.all.push(image)
    this.overrides = image.overrides
    this.onStates(image.states)
  }

  onReports(keys: readonly number[]): void {
    for (const key of keys) this.keys.add(key)
  }

  onAgents(): void {
    this.agents++
  }

  onOverrides(overrides: readonly Override[]): void {
    this.overrides = overrides
  }

  onStates(states: ReadonlyMap<string, Uint8Array>): void {
    for (const [target, state] of states) this.states.set(target, state)
  }

  onLink(link: StoreLink): void {
    this.links.push(link)
  }

  onRefused(refusal: Refusal): void {
    this.refusals.push(refusal)
  }
}
