import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { closeSync } from 'node:fs'
import { isIP } from 'node:net'
import type { IcmpCheck } from '@windrose/health'
import { readAddress } from '@windrose/ip'
import { hasUsableSource } from './connection.ts'
import { endWithError } from './error-reason.ts'
import { composeEchoRequest, isEchoReply } from './icmp-echo.ts'
import { openIcmpSocket } from './icmp-socket.ts'
import { pingWithProgram } from './ping-program.ts'
import type { Probing } from './probing.ts'

/** One echo request: over a socket of its own where the kernel gives one, else by the machine's ping program. */
export async function probeIcmp(probing: Probing, check: IcmpCheck): Promise<void> {
  const { attempt, address } = probing
  if (!hasUsableSource(probing, check)) return
  attempt.waitingFor = 'no echo reply'
  const family = isIP(address) === 6 ? 6 : 4
  const source = check.sourceAddress === undefined ? undefined : readAddress(check.sourceAddress)
  const opened = await openIcmpSocket(family, source)
  if ('problem' in opened) {
    if (!attempt.isOver) pingWithProgram(probing, check, opened.problem)
  } else if (attempt.isOver) closeSync(opened.fd)
  else {
    try {
      pingOverSocket(probing, family, opened.fd)
    } catch (error) {
      closeSync(opened.fd)
      endWithError(attempt, error)
    }
  }
}

function pingOverSocket({ attempt, address }: Probing, family: 4 | 6, fd: number): void {
  const payload = randomBytes(16)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  socket.on('error', (error) => endWithError(attempt, error))
  socket.on('message', (message) => {
    if (isEchoReply(family, message, payload)) attempt.succeed('echo reply')
  })
  socket.bind({ fd, exclusive: true }, () => {
    attempt.onEnd(() => socket.close())
    if (attempt.isOver) return
    // Connected, so that "host unreachable" is told. ICMP has no ports; Node asks for one.
    socket.connect(ANY_PORT, address, (error?: Error) => {
      if (error !== undefined && error !== null) endWithError(attempt, error)
      else if (!attempt.isOver) socket.send(composeEchoRequest(family, payload))
    })
  })
}

const ANY_PORT = 1
