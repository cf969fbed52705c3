import { Resolver } from 'node:dns/promises'
import type { Attempt } from './attempt.ts'

/** Finds one address of a host name; stops when the attempt ends. Never rejects. */
export type ResolveName = (name: string, attempt: Pick<Attempt, 'onEnd'>) => Promise<ResolvedName>

/** `failure` speaks of the name, `ownTrouble` of the resolver that the agent asks: both are sentences. */
export type ResolvedName = { readonly address: string } | { readonly failure: string } | { readonly ownTrouble: string }

/**
 * Asks the machine's resolvers: IPv4 first, IPv6 where there is none. Not by getaddrinfo: that waits on one of the few
 * threads which files need as well, and cannot be cancelled. `servers` (`address:port`) replace the machine's resolvers.
 */
export function createNameResolver(servers?: readonly string[]): ResolveName {
  return async (name, attempt) => {
    const resolver = new Resolver()
    if (servers !== undefined) resolver.setServers(servers)
    attempt.onEnd(() => resolver.cancel())
    const codes = new Set<string>()
    for (const ask of [() => resolver.resolve4(name), () => resolver.resolve6(name)]) {
      try {
        const [address] = await ask()
        if (address !== undefined) return { address }
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException
        if (code === 'ECONNREFUSED' || code === 'ETIMEOUT')
          return { ownTrouble: 'the agent\u2019s resolver does not answer' }
        codes.add(code)
        // Cancelled, for the probe has ended: the second question would begin anew.
        if (code === 'ECANCELLED') break
      }
    }
    return { failure: `${name} has no address (${[...codes].map((code) => EXPLAINED.get(code) ?? code).join(', ')})` }
  }
}

const EXPLAINED: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'NXDOMAIN'],
  ['ENODATA', 'NODATA'],
  ['ESERVFAIL', 'SERVFAIL'],
  ['EREFUSED', 'REFUSED'],
])
