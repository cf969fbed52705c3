import { agentAcl, serverAcl } from '@windrose/store'
import { print, say } from './output.ts'
import { requireName } from './require-name.ts'

/** Prints the rules of the Redis ACL for servers, and for one agent. */
export function showAcl(prefix: string, namespace: string, agent: string | undefined): void {
  // A pattern would give rights over the keys of others.
  for (const word of [prefix, namespace, ...(agent === undefined ? [] : [agent])]) requireName(word)
  say('# Redis 7 or Valkey. Put a password in the place of PASSWORD; redis-cli reads these lines.')
  if (agent === undefined) print(`ACL SETUSER windrose-server >PASSWORD ${quoted(serverAcl(prefix, namespace))}`)
  const name = agent ?? 'NAME'
  print(`ACL SETUSER windrose-agent-${name} >PASSWORD ${quoted(agentAcl(prefix, namespace, name))}`)
}

/** A selector is one argument. */
function quoted(rules: string): string {
  return rules.replaceAll(/\([^)]*\)/g, (selector) => `"${selector}"`)
}
