import { readFileSync } from 'node:fs'

/** UDP datagrams that the kernel could not hand over, in this network namespace since it began. */
export interface KernelUdpErrors {
  readonly family: 'ipv4' | 'ipv6'
  /** `InErrors`: all of them. */
  readonly errors: number
  /** `RcvbufErrors`: those for which a receive buffer was full. */
  readonly bufferErrors: number
}

/** Empty where the system does not tell. */
export function readKernelUdpErrors(): readonly KernelUdpErrors[] {
  const ipv4 = read('/proc/net/snmp')
  const ipv6 = read('/proc/net/snmp6')
  return [...(ipv4 === undefined ? [] : parseSnmp(ipv4)), ...(ipv6 === undefined ? [] : parseSnmp6(ipv6))]
}

/** Two lines `Udp:`, of names and of numbers. */
export function parseSnmp(text: string): readonly KernelUdpErrors[] {
  const [names, numbers] = text
    .split('\n')
    .filter((line) => line.startsWith('Udp: '))
    .map((line) => line.split(' '))
  const value = (name: string): number => Number(numbers?.[names?.indexOf(name) ?? -1])
  return knownOnly({ family: 'ipv4', errors: value('InErrors'), bufferErrors: value('RcvbufErrors') })
}

/** One name and number a line. */
export function parseSnmp6(text: string): readonly KernelUdpErrors[] {
  const value = (name: string): number => Number(new RegExp(`^${name}\\s+(\\d+)$`, 'm').exec(text)?.[1])
  return knownOnly({ family: 'ipv6', errors: value('Udp6InErrors'), bufferErrors: value('Udp6RcvbufErrors') })
}

function knownOnly(errors: KernelUdpErrors): readonly KernelUdpErrors[] {
  return Number.isNaN(errors.errors + errors.bufferErrors) ? [] : [errors]
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
