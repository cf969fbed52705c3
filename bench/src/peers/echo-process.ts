import { readAddress } from '@windrose/ip'
import type { Exchange } from '@windrose/nameserver'
import { Arena, arenaOctets, packetRoom } from '@windrose/server/transport/arena'
import { loadLibc } from '@windrose/server/transport/libc'
import { MmsgLoop } from '@windrose/server/transport/mmsg-loop'
import { nameThread } from '@windrose/server/transport/name-thread'
import { openUdpSocket } from '@windrose/server/transport/udp-socket'
import { WORKER_CELLS } from '@windrose/server/transport/worker-cells'

/** Entry of the floor: echoes on the addresses that it is given until it is ended. */
const libc = await loadLibc()
if ('problem' in libc) throw new Error(libc.problem)
nameThread(libc, 'udp-0')

const room = packetRoom(0)
const arena = new Arena(new SharedArrayBuffer(arenaOctets(room)), room, libc.addressOf)
const sockets = process.argv.slice(2).map((listen) => {
  const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(listen)!
  return openUdpSocket(libc, readAddress(host!)!, Number(port))
})
const answer = ({ packet, length }: Exchange): number => {
  packet[2]! |= 0x80
  return length
}
const nothing = (): void => undefined
const cells = new Int32Array(new SharedArrayBuffer(WORKER_CELLS * 4))
new MmsgLoop({ libc, arena, sockets, anticipate: nothing, answer, cells, takeNews: nothing, goesOn: () => true }).run()
