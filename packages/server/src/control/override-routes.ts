import { randomBytes } from 'node:crypto'
import { type Override, printOverrideTarget } from '@windrose/health'
import type { FastifyInstance } from 'fastify'
import type { RunningParts } from '../running-parts.ts'
import { ApiError } from './api-error.ts'
import type { AuditBody, OverrideChangeBody, OverridesBody } from './api-types.ts'
import { knownNames } from './known-names.ts'
import { foreseeOverride } from './override-effect.ts'
import { printOverride, printTime } from './print-values.ts'
import { readOverride } from './read-override.ts'
import { readQuery } from './read-query.ts'

/** Overrides are listed, made, foreseen and removed. Each change is one line in the log. */
export function addOverrideRoutes(server: FastifyInstance, parts: RunningParts): void {
  const { store, health, log } = parts

  server.get('/api/v1/overrides', async (): Promise<OverridesBody> => {
    const overrides = store.link.up ? await ask(store.overrides()) : health.overrides
    return { overrides: overrides.map(printOverride) }
  })

  server.get('/api/v1/audit', async (request): Promise<AuditBody> => {
    const limit = readLimit(readQuery(request.query, ['limit']).limit)
    const actions = await ask(store.audit(limit))
    return { actions: actions.map((one) => ({ ...one, at: printTime(one.at), override: printOverride(one.override) })) }
  })

  server.post('/api/v1/overrides', async (request, reply): Promise<OverrideChangeBody> => {
    const isDryRun = readSwitch('dry_run', readQuery(request.query, ['dry_run']).dry_run)
    const read = readOverride(request.body, knownNames(parts.reloader.current.compiled.configuration), parts.now())
    if ('problem' in read) throw new ApiError(400, read.problem)
    const before = await findSame(parts, read.override)
    const override: Override = { id: before?.id ?? randomBytes(4).toString('hex'), ...read.override }
    // What is there now is what the change is measured by.
    const effect = describeChange(parts, override)
    const warnings = [...(read.warning === undefined ? [] : [read.warning]), ...effect.warnings]
    if (isDryRun) return { ...effect, warnings }
    const { warning } = await ask(store.putOverride(override))
    if (warning !== undefined) warnings.push(warning)
    log.info({ component: 'control', ...fieldsOf(override) }, `override made by ${override.author}: ${say(override)}`)
    reply.code(before === undefined ? 201 : 200)
    return { ...effect, warnings }
  })

  server.delete<{ Params: { id: string } }>('/api/v1/overrides/:id', async (request): Promise<OverrideChangeBody> => {
    const { id } = request.params
    const override = (await ask(store.overrides())).find((known) => known.id === id)
    if (override === undefined) throw new ApiError(404, `there is no override ${id.slice(0, 100)}`)
    const { affected, ttlSeconds } = describeChange(parts, override)
    const by = readQuery(request.query, ['by']).by ?? ''
    const { warning } = await ask(store.removeOverride(id, by.slice(0, 200)))
    const whose = by === '' ? '' : ` by ${by}`
    log.info({ component: 'control', ...fieldsOf(override) }, `override removed${whose}: ${say(override)}`)
    return { override: printOverride(override), affected, ttlSeconds, warnings: warning === undefined ? [] : [warning] }
  })
}

/** What the store gives. It may be away; what is in force stands all the same. */
async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const reason = (error as Error).message
    throw new ApiError(503, `the store of the overrides cannot be asked, those in force stand: ${reason}`)
  }
}

/** One target has one override: a later one that left the earlier in place would bring it back when it ends. */
async function findSame(parts: RunningParts, { target }: Pick<Override, 'target'>): Promise<Override | undefined> {
  const text = printOverrideTarget(target)
  return (await ask(parts.store.overrides())).find((known) => printOverrideTarget(known.target) === text)
}

function describeChange({ reloader, health }: RunningParts, override: Override): OverrideChangeBody {
  const { configuration } = reloader.current.compiled
  const { endpoints, services, ttlSeconds, warnings } = foreseeOverride(override, configuration, health.statuses())
  return { override: printOverride(override), affected: { endpoints, services }, ttlSeconds, warnings }
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return AUDIT_LIMIT
  const limit = Number(text)
  if (!/^\d{1,5}$/.test(text) || limit === 0) throw new ApiError(400, `limit is a number from 1 up, not "${text}"`)
  return limit
}

const AUDIT_LIMIT = 100

function readSwitch(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw new ApiError(400, `${name} is true or false, not "${text}"`)
}

function fieldsOf({ id, target, action, author, reason }: Override): Readonly<Record<string, string>> {
  return { override: id, target: printOverrideTarget(target), action, author, reason }
}

function say({ target, action, reason }: Override): string {
  return `${action} ${printOverrideTarget(target)}: ${reason}`
}
