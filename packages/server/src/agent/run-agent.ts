import { readFileSync } from 'node:fs'
import { followChecks, startAgent } from '@windrose/agent'
import { readSocketAddress, type SocketAddress } from '@windrose/config'
import {
  createRedisStore,
  isName,
  nameProblem,
  readPrivateKey,
  type Sign,
  signWith,
  withoutPassword,
} from '@windrose/store'
import type { Logger } from '../log.ts'
import { watchLoopLag } from '../metrics/loop-lag.ts'
import { StartRefused } from '../start-refused.ts'
import { VERSION } from '../version.ts'
import { type AgentEndpoint, openAgentEndpoint, type WatchedAgent } from './agent-endpoint.ts'
import { floorInFile } from './floor-file.ts'
import { openStoreAccess, type StoreWish } from './store-access.ts'

export interface AgentRunOptions {
  /** Unique over all vantages. */
  readonly name: string
  readonly vantage: string
  readonly store: StoreWish
  /** A PEM file with an Ed25519 key to sign with. Its incarnation is kept beside it. */
  readonly signingKey?: string | undefined
  /** Probes at the same time. */
  readonly maxRunning?: number | undefined
  /** Whether whoever may write checks to the store may start programs on this machine. */
  readonly allowCommands: boolean
  /** `ADDRESS:PORT` for /metrics, /livez and /readyz; left out, nothing listens. */
  readonly metrics?: string | undefined
  readonly log: Logger
}

export interface RunningAgent {
  /** Resolves with why it ended by itself: another agent runs under its name. */
  readonly fenced: Promise<string>
  stop(): Promise<void>
}

/**
 * Runs an agent by itself: it takes its checks from the store and follows their changes, and needs nothing else. While the
 * store is away it goes on probing what it last knew.
 */
export async function runAgent({
  name,
  vantage,
  store: wish,
  signingKey,
  maxRunning,
  allowCommands,
  metrics,
  log,
}: AgentRunOptions): Promise<RunningAgent> {
  for (const word of [name, vantage, wish.namespace, wish.prefix]) {
    if (!isName(word)) throw new StartRefused(nameProblem(word))
  }
  const listen = metrics === undefined ? undefined : readListen(metrics)
  const sign = signingKey === undefined ? undefined : readSign(signingKey)
  const floor = signingKey === undefined ? {} : { floor: floorInFile(`${signingKey}.incarnation`) }
  const of = { component: 'agent', agent: name, vantage }
  let denied: string | undefined
  const store = createRedisStore({
    access: openStoreAccess(wish),
    name: `agent ${name}`,
    sign,
    onUnreadable: (problem) => log.warn(of, `refused in the store: ${problem}; what other servers want is probed`),
    onDenied: (reason) => {
      denied = reason
      if (reason === undefined) log.info(of, 'the store does again what it is asked for')
      else log.warn(of, `the store refuses what this agent asks for, so its word does not count: ${reason}`)
    },
  })
  const loopLag = watchLoopLag()
  let isAssigned = false
  const watched: WatchedAgent = {
    name,
    vantage,
    store,
    loopLag,
    startedAt: Date.now(),
    stats: () => agent.stats(),
    isAssigned: () => isAssigned,
    denied: () => denied,
  }
  let endpoint: AgentEndpoint | undefined
  try {
    // First of all: an agent that cannot start must not fence the one that runs under its name.
    if (listen !== undefined) endpoint = await openAgentEndpoint(watched, listen)
  } catch (error) {
    loopLag.stop()
    await store.close()
    throw error
  }
  let onFenced: (reason: string) => void = () => undefined
  const fenced = new Promise<string>((resolve) => {
    onFenced = resolve
  })
  const agent = startAgent({
    name,
    vantage,
    store,
    targets: [],
    allowCommands,
    version: VERSION,
    random: Math.random,
    now: Date.now,
    onFenced: () => onFenced(`another agent that was started later runs under the name ${name}`),
    onIsolated: (isolated) => {
      if (isolated) log.warn(of, 'cut off: most control targets cannot be reached; it has no vote until they can')
      else log.info(of, 'control targets can be reached again; it begins anew')
    },
    ...(maxRunning === undefined ? {} : { maxRunning }),
    ...floor,
  })
  let trouble: string | undefined
  const unfollow = followChecks(store, Math.random, {
    onAssignment: ({ targets, controlTargets }) => {
      agent.setTargets(targets, controlTargets)
      isAssigned = true
      log.info({ ...of, targets: targets.length }, `probing ${targets.length} targets`)
    },
    onNothing: () =>
      log.warn(
        of,
        `no server of namespace ${wish.namespace} with prefix ${wish.prefix} has said yet what to probe; waiting for one`,
      ),
    onTrouble: (problem) => {
      if (denied !== undefined || problem === trouble) return
      trouble = problem
      if (problem === undefined) log.info(of, 'the store is within reach')
      else log.warn(of, `the store is out of reach, what is known is probed on: ${problem}`)
    },
  })
  if (endpoint !== undefined) log.info(of, `metrics at http://${endpoint.address}/metrics`)
  log.info(of, `windrose ${VERSION} agent ${name} at ${vantage}, store ${withoutPassword(wish.url)}`)
  return {
    fenced,
    stop: async () => {
      unfollow()
      await agent.stop()
      await store.close()
      await endpoint?.close()
      loopLag.stop()
    },
  }
}

function readListen(text: string): SocketAddress {
  const read = readSocketAddress(text)
  if (!('problem' in read)) return read
  throw new StartRefused(`--metrics: ${read.problem}${read.hint === undefined ? '' : `: ${read.hint}`}`)
}

function readSign(file: string): Sign {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartRefused(`cannot read the signing key: ${(error as Error).message}`)
  }
  const key = readPrivateKey(pem)
  if ('problem' in key)
    throw new StartRefused(`${file} is no signing key: ${key.problem}; "windrose keys agent" makes one`)
  return signWith(key)
}
