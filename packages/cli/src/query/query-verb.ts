import { EdnsOption, type Message, parseClientSubnet, printRcode, printRr, readName, rtypeOf } from '@windrose/dns'
import { printAddress, readAddress, readPrefix } from '@windrose/ip'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { print, printJson } from '../output.ts'
import { ask } from './ask.ts'

/** `windrose query`, as it is called. */
export interface QueryWish {
  readonly name: string
  readonly type: string
  /** `127.0.0.1:5300`, `[::1]:53`. */
  readonly server: string
  readonly client?: string | undefined
  readonly tcp: boolean
  readonly json: boolean
}

/** A small dig: asks one question and prints what came, with the scope of the client subnet. */
export async function query(wish: QueryWish): Promise<void> {
  const qname = readName(wish.name.endsWith('.') ? wish.name : `${wish.name}.`)
  if ('problem' in qname) throw new CommandFailure(`"${wish.name}" is not a name: ${qname.problem}`, ExitCode.usage)
  const qtype = rtypeOf(wish.type)
  if (qtype === undefined) throw new CommandFailure(`"${wish.type}" is not a type of record`, ExitCode.usage)
  const client = wish.client === undefined ? undefined : readPrefix(wish.client)?.prefix
  if (wish.client !== undefined && client === undefined) {
    throw new CommandFailure(`"${wish.client}" is not an address or a prefix`, ExitCode.usage)
  }
  const message = await ask({ ...serverOf(wish.server), qname, qtype, tcp: wish.tcp, client, timeoutMs: 5000 })
  if (wish.json) printJson(jsonOf(message))
  else print(textOf(message))
}

function serverOf(text: string): { address: string; port: number } {
  const match = /^\[?([^\]]*?)\]?:(\d+)$/.exec(text)
  const address = match?.[1] ?? ''
  if (readAddress(address) === undefined) {
    throw new CommandFailure(`"${text}" is not ADDRESS:PORT, such as 127.0.0.1:5300 or [::1]:53`, ExitCode.usage)
  }
  return { address, port: Number(match?.[2]) }
}

function jsonOf(message: Message): object {
  const { answers, authorities, additionals } = message
  return {
    rcode: printRcode(message.rcode),
    flags: flagsOf(message),
    clientSubnet: subnetOf(message) ?? null,
    answers: answers.map(printRr),
    authorities: authorities.map(printRr),
    additionals: additionals.map(printRr),
  }
}

function textOf(message: Message): string {
  const lines = [`; ${printRcode(message.rcode)}, flags ${flagsOf(message).join(' ')}`]
  const subnet = subnetOf(message)
  if (subnet !== undefined) lines.push(`; client subnet ${subnet}`)
  for (const records of [message.answers, message.authorities, message.additionals]) lines.push(...records.map(printRr))
  return lines.join('\n')
}

function flagsOf(message: Message): string[] {
  return (['qr', 'aa', 'tc', 'rd', 'ra'] as const).filter((flag) => message[flag])
}

/** `81.2.69.0/24/17`: address, source and scope, as dig writes them. */
function subnetOf(message: Message): string | undefined {
  const option = message.edns?.options.find(({ code }) => code === EdnsOption.CLIENT_SUBNET)
  const subnet = option && parseClientSubnet(option.data)
  if (subnet === undefined) return undefined
  const octets = new Uint8Array(subnet.family === 2 ? 16 : 4)
  octets.set(subnet.address)
  return `${printAddress(octets)}/${subnet.sourceLength}/${subnet.scopeLength}`
}
