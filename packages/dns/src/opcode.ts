/** Kinds of message: IANA's registry "DNS OpCodes". */
export const Opcode = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 } as const

/** The mnemonic of an opcode, or `OPCODE7` where there is none. */
export function printOpcode(opcode: number): string {
  for (const [mnemonic, value] of Object.entries(Opcode)) if (value === opcode) return mnemonic
  return `OPCODE${opcode}`
}
