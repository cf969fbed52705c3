import type { DraftPool, DraftRule, DraftService } from './draft.ts'

/** The checks that most endpoints of a service have, said once; endpoints with others say so themselves. */
export function hoistChecks(service: DraftService): DraftService {
  const lists = [...service.pools.values()].flatMap((pool) =>
    pool.kind === 'endpoints' ? pool.endpoints.map(({ checks }) => checks ?? []) : [],
  )
  const counts = new Map<string, { readonly checks: readonly DraftRule[]; count: number }>()
  for (const checks of lists) {
    const key = JSON.stringify(checks)
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { checks, count: 1 })
    else known.count++
  }
  const [common] = [...counts.values()].sort((a, b) => b.count - a.count)
  if (common === undefined) return service
  const key = JSON.stringify(common.checks)
  const pools = new Map<string, DraftPool>()
  for (const [site, pool] of service.pools) {
    if (pool.kind === 'service') pools.set(site, pool)
    else {
      const endpoints = pool.endpoints.map(({ checks = [], ...endpoint }) =>
        JSON.stringify(checks) === key ? endpoint : { ...endpoint, checks },
      )
      pools.set(site, { kind: 'endpoints', endpoints })
    }
  }
  return { ...service, checks: common.checks, pools }
}
