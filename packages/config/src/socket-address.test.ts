import { printSocketAddress, readSocketAddress } from './socket-address.ts'

describe('a socket address', () => {
  test.each([
    ['127.0.0.1:5300', { address: '127.0.0.1', family: 4, port: 5300 }],
    ['0.0.0.0:0', { address: '0.0.0.0', family: 4, port: 0 }],
    ['[::]:53', { address: '::', family: 6, port: 53 }],
    ['[2001:DB8:0::1]:65535', { address: '2001:db8::1', family: 6, port: 65535 }],
  ] as const)('%s is an address and a port', (text, socket) => {
    expect(readSocketAddress(text)).toEqual(socket)
    expect(readSocketAddress(printSocketAddress(socket))).toEqual(socket)
  })

  test.each([
    ['127.0.0.1', 'needs a port', 'write 127.0.0.1:53'],
    ['::1', 'needs the address in brackets, then a port', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    ['[::1]', 'needs the address in brackets, then a port', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    ['::1:53', 'needs the address in brackets, then a port', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    ['[127.0.0.1]:53', '"127.0.0.1" is not an address', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    ['localhost:53', '"localhost" is not an address', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    [':53', '"" is not an address', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
    ['127.0.0.1:65536', '"65536" is not a port', 'a number from 0 to 65535'],
    ['127.0.0.1:', '"" is not a port', 'a number from 0 to 65535'],
    ['127.0.0.1:-1', '"-1" is not a port', 'a number from 0 to 65535'],
    ['nonsense', '"nonsense" is not an address and a port', 'for example 127.0.0.1:5300 or "[::1]:5300"'],
  ])('%s is none, and the reason is told', (text, problem, hint) => {
    expect(readSocketAddress(text)).toEqual({ problem, hint })
  })
})
