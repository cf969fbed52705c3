/** Preloaded into a server: as on a system for which koffi has no binary. */
import { register } from 'node:module'

const hooks = `
export async function resolve(specifier, context, next) {
  if (/\\/koffi\\/index\\.c?js$/.test(specifier)) throw new Error('Cannot find the native Koffi module')
  return next(specifier, context)
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
