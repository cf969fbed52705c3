import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OverrideChangeBody, OverrideRequest, OverridesBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { print, printJson, say } from './output.ts'

/** An override as the operator asks for it. */
export interface OverrideWish {
  readonly target: string
  readonly action: OverrideRequest['action']
  readonly reason: string
  readonly author?: string | undefined
  /** `2h`: it ends by itself. */
  readonly for?: string | undefined
}

/** How it is carried out and told. */
export interface OverrideManner {
  /** Return only when resolvers have let go of what they knew. */
  readonly wait: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

/** `windrose drain` and `windrose override set`. */
export async function setOverride(client: ControlClient, wish: OverrideWish, manner: OverrideManner): Promise<void> {
  const path = `/api/v1/overrides${manner.dryRun ? '?dry_run=true' : ''}`
  const body: OverrideRequest = {
    target: wish.target,
    action: wish.action,
    reason: wish.reason,
    author: wish.author ?? userInfo().username,
    ...(wish.for === undefined ? {} : { for: wish.for }),
  }
  const effect = await client.send<OverrideChangeBody>('POST', path, body)
  for (const warning of effect.warnings) say(`warning: ${warning}`)
  if (manner.wait && !manner.dryRun) {
    say(`waiting ${effect.ttlSeconds} s until resolvers have let go of ${effect.override.target}`)
    await sleep(effect.ttlSeconds * 1000)
  }
  if (manner.json) printJson(effect)
  else print(effectText(effect, manner))
}

/** `windrose override clear`: by id, or by the target it was made for. */
export async function clearOverride(client: ControlClient, which: string, json: boolean): Promise<void> {
  const { overrides } = await client.get<OverridesBody>('/api/v1/overrides')
  const known = overrides.find(({ id, target }) => id === which || target === which || target.endsWith(`:${which}`))
  const effect = await client.send<OverrideChangeBody>(
    'DELETE',
    `/api/v1/overrides/${encodeURIComponent(known?.id ?? which)}?by=${encodeURIComponent(userInfo().username)}`,
  )
  if (json) printJson(effect)
  else print(`removed: ${effect.override.action} ${effect.override.target}`)
}

function effectText(effect: OverrideChangeBody, { dryRun, wait }: OverrideManner): string {
  const { override, affected, ttlSeconds } = effect
  const services = affected.services.length === 1 ? '1 service' : `${affected.services.length} services`
  const until = override.expiresAt === null ? 'until it is removed' : `until ${override.expiresAt}`
  const first = `${dryRun ? 'would set' : 'set'}: ${override.action} ${override.target} ${until}`
  const endpoints = affected.endpoints.length === 1 ? '1 endpoint' : `${affected.endpoints.length} endpoints`
  const second = `${endpoints} of ${services}: ${affected.endpoints.join(', ')}`
  if (dryRun) return `${first}\n${second}`
  const third = wait ? 'resolvers have let go of it' : `resolvers may still answer with it for ${ttlSeconds} s`
  return `${first}\n${second}\n${third}\nundo with: windrose override clear ${override.id}`
}
