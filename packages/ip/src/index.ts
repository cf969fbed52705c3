export { type Address, equalAddresses, printAddress, readAddress } from './address.ts'
export { embeddedIpv4 } from './embedded-ipv4.ts'
export { containsAddress, maskAddress, type Prefix, printPrefix, readPrefix } from './prefix.ts'
export { isSpecialPurpose, SPECIAL_PURPOSE } from './special-purpose.ts'
