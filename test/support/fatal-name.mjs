/**
 * Preloaded into a server: a query for a name that begins with `fatal` kills the thread that parses it, as a mistake of the
 * program's own would.
 */
import { register } from 'node:module'

const hooks = `
export async function load(url, context, next) {
  const module = await next(url, context)
  if (!url.includes('/cli/dist/bundle/')) return module
  const source = String(module.source).replace(
    '\\nfunction parseQuery(exchange) {',
    '\\nfunction parseQuery(exchange) { if (exchange.packet[13] === 0x66 && exchange.packet[17] === 0x6c) throw new Error("a packet too strange");',
  )
  return { ...module, source }
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
