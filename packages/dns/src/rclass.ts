/** Classes by mnemonic: IANA's registry "DNS CLASSes". */
export const Rclass = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const

/** The mnemonic of a class, or `CLASS123` where there is none (RFC 3597 section 5). */
export function printRclass(rclass: number): string {
  for (const [mnemonic, value] of Object.entries(Rclass)) if (value === rclass) return mnemonic
  return `CLASS${rclass}`
}

/** The class that a mnemonic or `CLASS123` names, in any case; undefined when it names none. */
export function rclassOf(text: string): number | undefined {
  const upper = text.toUpperCase()
  for (const [mnemonic, value] of Object.entries(Rclass)) if (mnemonic === upper) return value
  const digits = /^CLASS(0|[1-9][0-9]{0,4})$/.exec(upper)?.[1]
  return digits !== undefined && Number(digits) <= 0xffff ? Number(digits) : undefined
}
