import { type Compilation, reportError } from './compilation.ts'
import type { DocumentPath } from './document-path.ts'
import { printSocketAddress, readSocketAddress, type SocketAddress } from './socket-address.ts'

/** Where queries are taken; `given` (from the command line) replaces what the file says. */
export function compileListen(compilation: Compilation, given: readonly string[] | undefined): SocketAddress[] {
  const listen: SocketAddress[] = []
  const texts = given ?? compilation.settings.listen
  texts.forEach((text, i) => {
    const refuse = (message: string, hint?: string): void =>
      given === undefined
        ? reportError(compilation, pathOf(compilation, i), message, hint)
        : void compilation.problems.push(problemOfOption(text, message, hint))
    const read = readSocketAddress(text)
    if ('problem' in read) refuse(read.problem, read.hint)
    else if (read.port !== 0 && listen.some((other) => sameSocket(other, read))) {
      refuse(`${printSocketAddress(read)} is there twice`)
    } else listen.push(read)
  })
  return listen
}

/** Where the control API is served. */
export function compileControl(compilation: Compilation, listen: readonly SocketAddress[]): SocketAddress {
  const path: DocumentPath = ['control', 'listen']
  const read = readSocketAddress(compilation.settings.control.listen)
  if ('problem' in read) {
    reportError(compilation, path, read.problem, read.hint)
    return { address: '127.0.0.1', family: 4, port: 8053 }
  }
  if (read.port !== 0 && listen.some((other) => sameSocket(other, read))) {
    reportError(compilation, path, `${printSocketAddress(read)} is taken by "listen"`, 'queries over TCP use it')
  }
  if (!/^(?:127\.|::1$)/.test(read.address)) {
    const message = 'the control API has no TLS, so it is for loopback addresses only'
    reportError(compilation, path, message, 'listen on 127.0.0.1, and let a proxy add TLS where others need it')
  }
  return read
}

function sameSocket(a: SocketAddress, b: SocketAddress): boolean {
  return a.address === b.address && a.port === b.port
}

/** `listen` may be one text instead of a list. */
function pathOf(compilation: Compilation, index: number): DocumentPath {
  const root = compilation.document.value as { readonly listen?: unknown }
  return Array.isArray(root.listen) ? ['listen', index] : ['listen']
}

function problemOfOption(text: string, message: string, hint: string | undefined): Compilation['problems'][number] {
  return {
    severity: 'error',
    place: { file: '--listen', line: 1, column: 1 },
    message,
    ...(hint === undefined ? {} : { hint }),
    sourceLine: text,
  }
}
