import type { WhatIfTask } from './what-if-task.ts'
import { WhatIfThread } from './what-if-thread.ts'

jest.setTimeout(60_000)

const TASK = { kind: 'replay', present: {}, request: { config: '/x', queries: '' } } as unknown as WhatIfTask

/** A thread that runs these lines instead. */
function threadOf(lines: string, seconds = 60): WhatIfThread {
  const text = `import { parentPort, workerData } from 'node:worker_threads'; ${lines}`
  return new WhatIfThread({ seconds, megabytes: 64 }, new URL(`data:text/javascript,${encodeURIComponent(text)}`))
}

const FOREVER = 'setInterval(() => undefined, 1000)'

test('the answer is what the thread posts, and the next question has a thread of its own', async () => {
  const thread = threadOf('parentPort.postMessage({ got: workerData.kind })')
  expect(await thread.run(TASK)).toEqual({ got: 'replay' })
  expect(await thread.run(TASK)).toEqual({ got: 'replay' })
})

test.each([
  ['takes too long', FOREVER, 0.5, 'it was given up after 0.5 s'],
  ['fails', 'throw new Error("the file is damaged")', 60, 'it failed: the file is damaged'],
  ['ends without a word', 'process.exit(1)', 60, 'it was ended'],
  [
    'takes too much memory',
    'const all = []; for (;;) all.push(new Array(10000).fill({}))',
    60,
    'it failed: Worker terminated',
  ],
])('a thread that %s leaves a sentence, and room for the next', async (_, lines, seconds, sentence) => {
  const thread = threadOf(lines, seconds)
  for (let i = 0; i < 2; i++) {
    expect(await thread.run(TASK)).toEqual({ unavailable: expect.stringContaining(sentence) })
  }
})

test('while one runs there is no other, and stopping ends it', async () => {
  const thread = threadOf(FOREVER)
  const first = thread.run(TASK)
  expect(await thread.run(TASK)).toEqual({ unavailable: expect.stringContaining('another simulation') })
  await thread.stop()
  expect(await first).toEqual({ unavailable: 'it was ended' })
})
