import { type Command, Option } from 'commander'
import { type ApiOptions, clientOf, withApi } from '../api-options.ts'
import type { ReplayWish } from './replay-verb.ts'
import type { SimulationWish } from './simulate-verb.ts'

/** The verbs that say what would be if. */
export function addWhatIf(program: Command, exit: (code: number) => void): void {
  withApi(program.command('simulate'))
    .description('say where all clients would be sent if sites were lost, drained, or the configuration another')
    .option('--service <name>', 'this service alone')
    .option('--name <name>', 'the service that this name is steered by')
    .addOption(new Option('--type <type>', 'whose answers').choices(['A', 'AAAA']).default('A'))
    .option('--kill <site>', 'a site that is lost; may be given again', collect, [])
    .option('--drain <site>', 'a site that is drained; may be given again', collect, [])
    .option('--set <pattern=state>', 'a target that is up, down or drained; may be given again', collect, [])
    .option('--config <candidate>', 'another configuration, with the same verdicts')
    .option('-c, --from <file>', 'from a configuration, every endpoint up, instead of from the running server')
    .option('--queries <log>', 'recorded queries, one a line, to be counted as well')
    .option('--json', 'as JSON')
    .option('--html <file>', 'write maps of the world, with tables, as a page')
    .option('--svg <file>', 'write maps of the world as a picture')
    .action(async (options: SimulationWish & ApiOptions) => {
      const { simulate } = await import('./simulate-verb.ts')
      await simulate(clientOf(options), options)
    })
  withApi(program.command('replay'))
    .description('ask recorded queries of a candidate configuration, and say which answers change')
    .argument('<queries>', 'one a line: JSON with name, type, client, or these three words')
    .option('-c, --config <candidate>', 'the configuration that is tried', 'windrose.yaml')
    .option('--against <file|running>', 'what is there now: the running server, or a configuration', 'running')
    .option('--json', 'as JSON')
    .action(async (queries: string, options: ReplayWish & ApiOptions) => {
      const { replay } = await import('./replay-verb.ts')
      exit(await replay(clientOf(options), queries, options))
    })
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
