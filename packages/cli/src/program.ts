import { hostname } from 'node:os'
import { defaultStateDir } from '@windrose/config/state-dir'
import { VERSION } from '@windrose/server/version'
import { Command, Option } from 'commander'
import { addMigration } from './add-migration.ts'
import { type ApiOptions, clientOf, withApi } from './api-options.ts'
import type { OverrideManner, OverrideWish } from './override-verbs.ts'
import { SERVE_TRANSPORTS, type ServeTransport } from './serve-transports.ts'
import { addWhatIf } from './what-if/what-if-commands.ts'
import { numberAboveZero } from './whole-number.ts'

/**
 * The command line: what can be said, and which function does it. Exit codes are set through `exit`.
 *
 * A verb is loaded when it is called: nobody waits for the others.
 */
export function createProgram(exit: (code: number) => void): Command {
  const program = new Command('windrose')
    .description('An authoritative DNS server that answers every client with the nearest healthy site.')
    .version(VERSION)
    .showHelpAfterError('("windrose help" lists the verbs)')
    .addHelpText('after', `\n${EXIT_CODES}`)
  addServing(program, exit)
  addAsking(program)
  addWhatIf(program, exit)
  addOperating(program)
  addMigration(program, exit)
  addDemo(program)
  return program
}

const EXIT_CODES = `Exit codes: 0 done, 1 the answer is no or the input is wrong, 2 usage,
3 could not reach what it needs (a running server, a port, a download).`

function addServing(program: Command, exit: (code: number) => void): void {
  program
    .command('serve')
    .description('run the name server; SIGHUP reloads, SIGTERM stops')
    .option('-c, --config <file>', 'the configuration', 'windrose.yaml')
    .option('--listen <address:port...>', 'answer here instead of where the configuration says')
    .addOption(
      new Option('--transport <name>', 'how UDP packets are moved: mmsg many at a time (Linux), dgram one by one')
        .choices(SERVE_TRANSPORTS)
        .default('auto'),
    )
    .action(async ({ config, listen, transport }: ServeOptions) => {
      const { serve } = await import('./serve-verb.ts')
      await serve({ configFile: config, listen, transport })
    })
  program
    .command('check')
    .description('say exactly what serve would refuse, with file, line and column')
    .argument('[file]', 'the configuration', 'windrose.yaml')
    .option('--json', 'as JSON')
    .action(async (file: string, { json = false }: { json?: boolean }) => {
      const { check } = await import('./check-verb.ts')
      exit(await check(file, json))
    })
  addAgent(program)
  const geo = program.command('geo').description('the databases that place clients')
  geo
    .command('update')
    .description('fetch a database, prove that it can be used, and put it in place')
    .requiredOption('--to <file>', 'where it goes, as geo.databases names it')
    .option('--url <url>', 'from here: an .mmdb, gzipped or in a .tar.gz or not')
    .option('--edition <name>', "from MaxMind, such as GeoLite2-City; needs an account's id and licence key")
    .option('--account <id>', 'account id (or MAXMIND_ACCOUNT_ID)', process.env['MAXMIND_ACCOUNT_ID'])
    .action(async (options: { to: string; url?: string; edition?: string; account?: string }) => {
      const { updateGeo } = await import('./geo-update.ts')
      // A key on the command line would show in the list of processes.
      await updateGeo({ ...options, key: process.env['MAXMIND_LICENSE_KEY'] })
    })
}

function addAgent(program: Command): void {
  program
    .command('agent')
    .description('probe for the servers that share a store; takes its checks from there and follows their changes')
    .requiredOption('--vantage <name>', 'the place it speaks for')
    .option('--name <name>', 'unique over all vantages', hostname())
    .addOption(
      new Option(
        '--store <url>',
        'redis://, rediss://, redis+sentinel://HOST:PORT,.../MASTER, redis+cluster://HOST:PORT,...',
      )
        .env('WINDROSE_STORE')
        .makeOptionMandatory(),
    )
    .option('--namespace <name>', 'as health.namespace of the servers', DEFAULT_NAMESPACE)
    .option('--prefix <name>', 'as health.prefix of the servers', DEFAULT_PREFIX)
    .option('--password-file <file>', 'the password for the store')
    .option('--sentinel-username <name>', 'the user of the Sentinels')
    .option('--sentinel-password-file <file>', 'the password of the Sentinels')
    .option('--ca-file <file>', 'PEM: the only authorities that the store may have its certificate from')
    .option('--cert-file <file>', 'PEM: a certificate to show to the store')
    .option('--key-file <file>', 'PEM: its key')
    .option('--server-name <name>', "the name in the store's certificate")
    .option('--signing-key <file>', 'sign reports with this key, made by "windrose keys agent"')
    .option('--max-running <count>', 'probes at the same time', numberAboveZero)
    .option('--metrics <address:port>', 'serve /metrics, /livez and /readyz here; by default nothing listens')
    .option(
      '--allow-commands',
      'let command checks start programs here: whoever writes checks to the store then may',
      false,
    )
    .action(async ({ name, vantage, store, signingKey, maxRunning, allowCommands, metrics, ...rest }: AgentOptions) => {
      const { agent } = await import('./agent-verb.ts')
      await agent({ name, vantage, store: { url: store, ...rest }, signingKey, maxRunning, allowCommands, metrics })
    })
  program
    .command('store')
    .description('the store that servers and agents share')
    .command('acl')
    .description('print Redis ACL rules that give servers, and one agent, what they need and no more')
    .option('--agent <name>', 'for this agent only')
    .option('--namespace <name>', 'as health.namespace', DEFAULT_NAMESPACE)
    .option('--prefix <name>', 'as health.prefix', DEFAULT_PREFIX)
    .action(async ({ agent, namespace, prefix }: { agent?: string; namespace: string; prefix: string }) => {
      const { showAcl } = await import('./store-acl-verb.ts')
      showAcl(prefix, namespace, agent)
    })
  const keys = program.command('keys').description('keys to sign with')
  keys
    .command('server')
    .description('say what servers are to trust of this one, which signs the pushes that it takes in')
    .option('--state-dir <dir>', 'state_dir of its configuration', defaultStateDir())
    .action(async ({ stateDir }: { stateDir: string }) => {
      const { showServerKey } = await import('./keys-server-verb.ts')
      showServerKey(stateDir)
    })
  keys
    .command('agent')
    .description('make a key for an agent, and say what servers are to trust')
    .argument('<name>', 'of the agent')
    .requiredOption('--out <file>', 'where the key goes; it is never written over')
    .action(async (name: string, { out }: { out: string }) => {
      const { makeAgentKey } = await import('./keys-agent-verb.ts')
      makeAgentKey(name, out)
    })
}

interface AgentOptions {
  readonly name: string
  readonly vantage: string
  readonly store: string
  readonly namespace: string
  readonly prefix: string
  readonly passwordFile?: string
  readonly sentinelUsername?: string
  readonly sentinelPasswordFile?: string
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly serverName?: string
  readonly signingKey?: string
  readonly maxRunning?: number
  readonly allowCommands: boolean
  readonly metrics?: string
}

const DEFAULT_NAMESPACE = 'default'
const DEFAULT_PREFIX = 'windrose'

function addAsking(program: Command): void {
  withApi(program.command('explain'))
    .description('say what a client is answered and why, stage by stage')
    .argument('<name>', 'the name that is asked for')
    .argument('[type]', 'A, AAAA, ...', 'A')
    .option(
      '--client <client>',
      'an address or prefix, as its resolver would name it (ECS); or country:DE, continent:EU, asn:64500, city:DE/Berlin, subdivision:US/CA: all clients there, class by class',
    )
    .option('--classes <count>', 'so many of their classes, the largest first; 10 if left out')
    .option('--resolver <address>', 'the address that the query comes from')
    .option('-c, --config <file>', 'from a configuration, every endpoint up, instead of from the running server')
    .option('--json', 'as JSON')
    .action(async (name: string, type: string, options: ExplainOptions) => {
      const { client, classes, resolver, json = false, config } = options
      const question = { name, type, client, classes, resolver }
      if (config === undefined) {
        const { showExplanation } = await import('./show-explanation.ts')
        await showExplanation(clientOf(options), question, json)
      } else {
        const { explainFile } = await import('./explain-file.ts')
        await explainFile(config, question, json)
      }
    })
  withApi(program.command('status'))
    .description('endpoints with their verdicts, since when and why; and the server itself')
    .option('--json', 'as JSON')
    .action(async (options: ApiOptions & { json?: boolean }) => {
      const { showStatus } = await import('./show-status.ts')
      await showStatus(clientOf(options), options.json ?? false)
    })
  program
    .command('query')
    .description('ask a name server one question')
    .argument('<name>')
    .argument('[type]', 'A, AAAA, ...', 'A')
    .option('--server <address:port>', 'whom to ask', '127.0.0.1:5300')
    .option('--client <address|prefix>', 'send this client subnet (ECS)')
    .option('--tcp', 'over TCP')
    .option('--json', 'as JSON')
    .action(
      async (name: string, type: string, options: { server: string; client?: string; tcp?: true; json?: true }) => {
        const { query } = await import('./query/query-verb.ts')
        await query({ name, type, ...options, tcp: options.tcp ?? false, json: options.json ?? false })
      },
    )
}

function addOperating(program: Command): void {
  withManner(withApi(program.command('drain')))
    .description('let users leave a site, service, pool or endpoint: served only when nothing else is up')
    .argument('<target>', 'fra, web, web/fra, web/fra/192.0.2.10; * stands for any characters')
    .option('--wait', 'return when resolvers have let go of what they knew')
    .action(async (target: string, options: MannerOptions) => {
      const { setOverride } = await import('./override-verbs.ts')
      await setOverride(clientOf(options), { ...wishOf(options), target, action: 'drain' }, mannerOf(options))
    })
  const override = program.command('override').description("an operator's forced state")
  withManner(withApi(override.command('set')))
    .description('force a target up or down, or drain it')
    .argument('<target>', 'fra, web, web/fra, web/fra/192.0.2.10; * stands for any characters')
    .argument('<action>', 'up, down or drain')
    .action(async (target: string, action: OverrideWish['action'], options: MannerOptions) => {
      const { setOverride } = await import('./override-verbs.ts')
      await setOverride(clientOf(options), { ...wishOf(options), target, action }, mannerOf(options))
    })
  withApi(override.command('list'))
    .description('the overrides in force')
    .option('--json', 'as JSON')
    .action(async (options: ApiOptions & { json?: boolean }) => {
      const { listOverrides } = await import('./server-verbs.ts')
      await listOverrides(clientOf(options), options.json ?? false)
    })
  withApi(override.command('history'))
    .description('what was done to overrides and drains, and by whom, newest first')
    .option('--json', 'as JSON')
    .action(async (options: ApiOptions & { json?: boolean }) => {
      const { showAudit } = await import('./server-verbs.ts')
      await showAudit(clientOf(options), options.json ?? false)
    })
  withApi(override.command('clear'))
    .description('remove an override or a drain')
    .argument('<id|target>')
    .option('--json', 'as JSON')
    .action(async (which: string, options: ApiOptions & { json?: boolean }) => {
      const { clearOverride } = await import('./override-verbs.ts')
      await clearOverride(clientOf(options), which, options.json ?? false)
    })
  withApi(program.command('failback'))
    .description('let a pool serve again that failed and is held back')
    .argument('<service>')
    .argument('<site>')
    .option('--json', 'as JSON')
    .action(async (service: string, site: string, options: ApiOptions & { json?: boolean }) => {
      const { failBack } = await import('./failback-verb.ts')
      await failBack(clientOf(options), service, site, options.json ?? false)
    })
  withApi(program.command('reload'))
    .description('read the configuration again; on errors the old one goes on serving')
    .option('--json', 'as JSON')
    .action(async (options: ApiOptions & { json?: boolean }) => {
      const { reload } = await import('./server-verbs.ts')
      await reload(clientOf(options), options.json ?? false)
    })
}

function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('three data centres on this machine, really probed and really killed')
    .action(async () => {
      const { runDemo } = await import('./demo/run-demo.ts')
      await runDemo()
    })
  for (const [verb, down, what] of [
    ['kill', true, "end a site's origins"],
    ['heal', false, "start a site's origins again"],
  ] as const) {
    withApi(demo.command(verb))
      .description(`${what} in the running demo`)
      .argument('<site>', 'fra, iad or sin')
      .action(async (site: string, options: ApiOptions) => {
        const { changeSite } = await import('./demo/change-site.ts')
        await changeSite(site, down, options.api)
      })
  }
}

interface ServeOptions {
  readonly config: string
  readonly listen?: string[]
  readonly transport: ServeTransport
}

interface ExplainOptions extends ApiOptions {
  readonly client?: string
  readonly classes?: string
  readonly resolver?: string
  readonly config?: string
  readonly json?: boolean
}

interface MannerOptions extends ApiOptions {
  readonly reason: string
  readonly author?: string
  readonly for?: string
  readonly wait?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

function withManner(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why, for those who find it')
    .option('--author <name>', 'who (by default the user)')
    .option('--for <duration>', 'ends by itself after this, such as 2h')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--json', 'as JSON')
}

function wishOf(options: MannerOptions): Pick<OverrideWish, 'reason' | 'author' | 'for'> {
  return { reason: options.reason, author: options.author, for: options.for }
}

function mannerOf({ wait = false, dryRun = false, json = false }: MannerOptions): OverrideManner {
  return { wait, dryRun, json }
}
