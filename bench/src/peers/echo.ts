import { fileURLToPath } from 'node:url'
import { listenAddresses } from '../world/world.ts'
import type { Peer } from './peer.ts'

/** The floor: windrose's own transport with nothing behind it. Each packet goes back as it came, with QR set. */
export const echo: Peer = {
  name: 'echo',
  isRight: () => true,
  answers: (thread) => thread.startsWith('udp-'),
  prepare: (world, { port }) => ({
    program: process.execPath,
    args: [fileURLToPath(new URL('echo-process.js', import.meta.url)), ...listenAddresses(world, port)],
  }),
}
