import { readFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type Server } from 'node:net'

/** Something to probe, on every loopback address: `KIND PORT [KEY CERT]`. */
const [kind, port, key, cert] = process.argv.slice(2)
const answer = (_: unknown, response: { end(text: string): void }): void => response.end('ok\n')
const server: Server =
  kind === 'tcp'
    ? createTcp((socket) => socket.on('error', () => undefined).resume())
    : kind === 'http'
      ? createHttp({ keepAlive: false }, answer)
      : createHttps({ key: readFileSync(key!), cert: readFileSync(cert!) }, answer)
server.listen({ port: Number(port), host: '0.0.0.0', backlog: 4096 }, () => process.send?.('ready'))
