import { printName } from './name-text.ts'
import { printRclass } from './rclass.ts'
import { printRdata } from './rdata/print-rdata.ts'
import type { Rr } from './rr.ts'
import { printRtype } from './rtype.ts'

/** Prints a record as one line of a master file, with everything absolute: `www.example.org. 300 IN A 192.0.2.1`. */
export function printRr(rr: Rr): string {
  const rdata = printRdata(rr.rtype, rr.rdata)
  return `${printName(rr.owner)} ${rr.ttl} ${printRclass(rr.rclass)} ${printRtype(rr.rtype)} ${rdata}`
}
