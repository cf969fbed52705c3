export { type ClientSubnet, composeClientSubnet, parseClientSubnet } from './client-subnet.ts'
export { composeMessage } from './compose-message.ts'
export { composeRdata, composeRr } from './compose-rr.ts'
export { composeEdns, DNSSEC_OK, type Edns, type EdnsOptionValue } from './edns.ts'
export { EdnsOption } from './edns-option.ts'
export { type Entry, EntryReader } from './master-file/entries.ts'
export { type MasterFileSource, readMasterFile } from './master-file/read-master-file.ts'
export type { Include } from './master-file/reading.ts'
export { HEADER_OCTETS, HeaderFlag, MESSAGE_OCTETS_MAX, type Message, type Question } from './message.ts'
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
export { parseMessage, parseRr } from './parse-message.ts'
export { readPeriod, TTL_MAX } from './period.ts'
export { printRr } from './print-rr.ts'
export type { Place, Problem } from './problem.ts'
export { type AskedQuestion, queryMessage } from './query-message.ts'
export { printRclass, Rclass, rclassOf } from './rclass.ts'
export { printRcode, Rcode } from './rcode.ts'
export { nameInRdata } from './rdata/name-in-rdata.ts'
export { canonicalRdata, isRdata } from './rdata/parse-rdata.ts'
export { printRdata } from './rdata/print-rdata.ts'
export { SvcParamKey } from './rdata/svc-param-values.ts'
export { composeTypeBitmap } from './rdata/type-bitmap.ts'
export type { Word } from './rdata/words.ts'
export { Reader } from './reader.ts'
export type { PlacedRr, Rr } from './rr.ts'
export { isMetaRtype, printRtype, RTYPE_MNEMONICS, Rtype, rtypeOf } from './rtype.ts'
export { Writer } from './writer.ts'
