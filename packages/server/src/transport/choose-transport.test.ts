import { chooseTransport } from './choose-transport.ts'
import { loadLibc } from './libc.ts'
import { openUdpSocket, receiveBuffer, SocketError } from './udp-socket.ts'

test('batched UDP is chosen where a datagram makes its way through it, and says so', async () => {
  expect(await chooseTransport('auto')).toMatchObject({ name: 'mmsg', reason: 'self-test passed' })
})

test('node:dgram is chosen when it is asked for', async () => {
  expect(await chooseTransport('dgram')).toMatchObject({ name: 'dgram', reason: 'asked for by --transport' })
})

describe('a UDP socket of libc', () => {
  const loopback = Uint8Array.of(127, 0, 0, 1)

  test('knows its family, whether it is a wildcard, and how large its receive buffer is', async () => {
    const libc = await loadLibc()
    if ('problem' in libc) throw new Error(libc.problem)
    const socket = openUdpSocket(libc, loopback, 0)
    try {
      expect(socket).toMatchObject({ family: 4, wildcard: false })
      expect(receiveBuffer(libc, socket)).toBeGreaterThan(100_000)
    } finally {
      libc.close(socket.fd)
    }
  })

  test('on an address that the machine does not have is refused with EADDRNOTAVAIL', async () => {
    const libc = await loadLibc()
    if ('problem' in libc) throw new Error(libc.problem)
    const open = () => openUdpSocket(libc, Uint8Array.of(192, 0, 2, 1), 0)
    expect(open).toThrow(SocketError)
    expect(open).toThrow(/errno 99/)
  })
})
