import { createServer } from 'node:http'

/**
 * One origin of the demo, a process of its own so that it can really be killed: `origin.js ADDRESS PORT SITE`. It ends
 * with the process that started it.
 */
const [address = '127.0.0.1', port = '0', site = '?'] = process.argv.slice(2)
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain')
  response.end(request.url === '/healthz' ? 'ok\n' : `hello from ${site} (${address})\n`)
})
server.on('error', (error) => {
  process.stderr.write(`origin ${address}:${port} of ${site}: ${error.message}\n`)
  process.exit(1)
})
server.listen(Number(port), address)
process.on('disconnect', () => process.exit(0))
