import { printName, readName } from '@windrose/dns'
import { printAddress, readAddress } from '@windrose/ip'
import type { DraftEndpoint } from './draft.ts'

/** An address, or an absolute domain name, as an endpoint has it; undefined for anything else. */
export function endpointTarget(text: string): Pick<DraftEndpoint, 'target' | 'form'> | undefined {
  const address = readAddress(text)
  if (address !== undefined) return { target: printAddress(address) }
  if (!text.endsWith('.') || text === '.') return undefined
  const name = readName(text)
  return 'problem' in name ? undefined : { target: printName(name), form: 'cname' }
}
