export { type ClientSubnet, composeClientSubnet, parseClientSubnet } from './client-subnet.ts'
export { composeRdata, composeRr } from './compose-rr.ts'
export { EdnsOption } from './edns-option.ts'
export {
  compareNames,
  concatNames,
  equalNames,
  foldName,
  isName,
  isWildcard,
  isWithin,
  LABEL_OCTETS_MAX,
  LOWER_CASE,
  labelCount,
  labelsOf,
  NAME_OCTETS_MAX,
  type Name,
  nameKey,
  nameLength,
  parentName,
  prependLabel,
  ROOT,
} from './name.ts'
export { type NameProblem, printName, readName } from './name-text.ts'
export { Opcode, printOpcode } from './opcode.ts'
export type { Place, Problem } from './problem.ts'
export { printRclass, Rclass, rclassOf } from './rclass.ts'
export { printRcode, Rcode } from './rcode.ts'
export { Reader } from './reader.ts'
export type { Rr } from './rr.ts'
export { isMetaRtype, printRtype, RTYPE_MNEMONICS, Rtype, rtypeOf } from './rtype.ts'
export { Writer } from './writer.ts'
