import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Snapshot } from '@windrose/nameserver'
import { AnsweringThread } from './answering-thread.ts'

const SNAPSHOT = { services: [] } as unknown as Snapshot

describe('an answering thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'windrose-thread-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function threadOf(source: string, died: (message: string) => void): AnsweringThread {
    const file = join(folder, 'entry.mjs')
    writeFileSync(file, source)
    return new AnsweringThread({ name: 'test', file: pathToFileURL(file), own: {}, events: { died } })
  }

  test('that dies is heard of with its last words, and can be stopped all the same', async () => {
    const words: string[] = []
    const thread = threadOf("throw new Error('a packet too strange')", (message) => words.push(message))
    await expect(thread.start(SNAPSHOT)).rejects.toThrow('a packet too strange')
    expect(words).toHaveLength(1)
    expect(words[0]).toContain('a packet too strange')
    await thread.stop(1000)
  })

  test('that is abandoned is heard of like one that died', async () => {
    let hear: (message: string) => void
    const heard = new Promise<string>((resolve) => {
      hear = resolve
    })
    const source =
      "import { parentPort } from 'node:worker_threads'; parentPort.postMessage({}); setInterval(() => 0, 1000)"
    const thread = threadOf(source, (message) => hear(message))
    await thread.start(SNAPSHOT)
    thread.abandon()
    expect(await heard).toContain('exit code 1')
    await thread.stop(1000)
  })
})
