import type { Socket } from 'node:net'
import type { Attempt } from './attempt.ts'

/** The most that a protocol of small messages may send before it is clear that something else is spoken. */
const STREAM_LIMIT = 65_536

/**
 * Collects what a server sends, and shows all of it so far whenever there is more, until the attempt ends. A server that
 * hangs up or talks without end fails.
 */
export function readStream(attempt: Attempt, socket: Socket, onOctets: (received: Buffer) => void): void {
  let received = Buffer.alloc(0)
  socket.on('data', (octets: Buffer) => {
    if (attempt.isOver) return
    received = Buffer.concat([received, octets])
    onOctets(received)
    if (received.length > STREAM_LIMIT) attempt.fail('the answer is too long')
  })
  socket.once('close', () => attempt.fail('connection closed before an answer'))
}
