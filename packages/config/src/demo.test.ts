import { join } from 'node:path'
import { printProblems } from './print-problem.ts'
import { readConfiguration } from './read-configuration.ts'

test('the configuration of the demo is right, without a warning', async () => {
  const { configuration, problems } = await readConfiguration(join(__dirname, '../../cli/demo/windrose.yaml'))
  expect(printProblems(problems)).toBe('')
  expect(configuration?.services.map(({ name, clientMap }) => [name, clientMap])).toEqual([
    ['web', 0],
    ['canary', -1],
    ['api', -1],
  ])
  expect(configuration?.endpoints).toHaveLength(12)
  expect(configuration?.probeTargets).toHaveLength(6)
})
