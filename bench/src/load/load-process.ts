import { loadLibc } from '@windrose/server/transport/libc'
import type { Load, LoadResult } from './load.ts'
import { LoadGenerator } from './load-generator.ts'

/** Entry of the generator's process: runs the loads that its parent sends, one after the other. */
const libc = await loadLibc()
if ('problem' in libc) throw new Error(libc.problem)
const generator = new LoadGenerator(libc)

process.on('message', (load: Load) => {
  const result: LoadResult = generator.run(load)
  process.send!(result)
})
