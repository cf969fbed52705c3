import type { MysqlCheck } from '@windrose/health'
import { openConnection } from './connection.ts'
import { parseMysqlGreeting } from './mysql-greeting.ts'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { readStream } from './read-stream.ts'

/** Waits for the greeting: a server that is full, or that has blocked the agent, sends an error instead. */
export function probeMysql(probing: Probing, check: MysqlCheck): void {
  const { attempt } = probing
  openConnection(probing, check, {}, ({ socket }) => {
    attempt.waitingFor = 'no greeting'
    readStream(attempt, socket, (received) => {
      const greeting = parseMysqlGreeting(received)
      if (greeting.kind === 'greeting') attempt.succeed('greeting received')
      else if (greeting.kind === 'error')
        attempt.fail(`the server says ${greeting.code}: ${printableText(greeting.message)}`)
      else if (greeting.kind === 'foreign') attempt.fail('not a MySQL greeting')
    })
  })
}
