/** Preloaded into an agent: the network between it and the address CUT_OFF_FROM is gone, everything else is as it was. */
import { Socket } from 'node:net'

const { connect } = Socket.prototype
Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  if (first?.host !== process.env.CUT_OFF_FROM) return connect.apply(this, args)
  const error = Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH', syscall: 'connect' })
  process.nextTick(() => this.destroy(error))
  return this
}
