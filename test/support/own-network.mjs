/**
 * Preloaded into an agent: its network is what the file NETWORK says, by address: `null` where nothing can be reached, or
 * the address that it really leads to. Looked at whenever a connection begins; all other addresses are as they are.
 */
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'

const { connect } = Socket.prototype
Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const leadsTo = JSON.parse(readFileSync(process.env.NETWORK, 'utf8'))[first?.host]
  if (leadsTo !== null) {
    if (leadsTo !== undefined) first.host = leadsTo
    return connect.apply(this, args)
  }
  const error = Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH', syscall: 'connect' })
  process.nextTick(() => this.destroy(error))
  return this
}
