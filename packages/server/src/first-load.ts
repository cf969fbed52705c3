import type { Closers } from './closers.ts'
import type { Compiled } from './compile/compiled.ts'
import type { Logger } from './log.ts'
import { logProblems } from './reload.ts'
import type { AssemblyOptions } from './start-options.ts'
import { ConfigurationRefused, StartRefused } from './start-refused.ts'
import { makeStateDir } from './state/state-dir.ts'
import { lockStateDir } from './state/state-lock.ts'
import { obtainToken } from './state/token.ts'

/** Compiles the configuration that a server starts with. Throws a ConfigurationRefused or a StartRefused. */
export async function compileFirst({ compiler, configFile, listen, log }: AssemblyOptions): Promise<Compiled> {
  const compiled = await compiler.everything(configFile, listen)
  if ('refusal' in compiled) {
    throw compiled.problems.length > 0
      ? new ConfigurationRefused(compiled.problems)
      : new StartRefused(compiled.refusal)
  }
  log.level = compiled.configuration.log.level
  logProblems(log, compiled.warnings)
  return compiled
}

/** Makes the state directory this process's own, and gives the token in it. Throws a StartRefused. */
export function claimStateDir(stateDir: string, log: Logger, closers: Closers): string {
  makeStateDir(stateDir)
  closers.add(lockStateDir(stateDir))
  const { token, warning } = obtainToken(stateDir)
  if (warning !== undefined) log.warn({ component: 'server' }, warning)
  return token
}
