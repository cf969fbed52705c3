import { userInfo } from 'node:os'
import type { FailbackBody } from '@windrose/server'
import type { ControlClient } from './control-client.ts'
import { print, printJson } from './output.ts'

/** `windrose failback`: a pool that is held back after a failure may serve again. */
export async function failBack(client: ControlClient, service: string, site: string, json: boolean): Promise<void> {
  const request = { pool: `${service}/${site}`, author: userInfo().username }
  const body = await client.send<FailbackBody>('POST', '/api/v1/failback', request)
  if (json) printJson(body)
  else print(`${body.pool} may serve again`)
}
