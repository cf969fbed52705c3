export { anticipateNodes, likelyHash, NO_NODE } from './anticipate.ts'
export { type BuiltZone, buildZone, type ZoneSource } from './build-zone.ts'
export { checkZones } from './check-zones.ts'
export { compileZones } from './compile-zones.ts'
export { findNode, findNodeByName } from './find-node.ts'
export {
  isZoneImage,
  negativeTtl,
  nodeCount,
  nodeCut,
  nodeFirstRrset,
  nodeOwner,
  nodeRrset,
  nodeRrsetCount,
  nodeService,
  nodeZone,
  type OctetRange,
  rdataLength,
  rdataStart,
  rrsetCount,
  rrsetNode,
  rrsetOwner,
  rrsetSize,
  rrsetTtl,
  rrsetType,
  zoneApex,
  zoneApexLength,
  zoneCount,
  zoneNs,
  zoneSoa,
} from './image.ts'
export type { ZoneImage } from './image-layout.ts'
export { createLookup, Found, type Lookup, lookup } from './lookup.ts'
export { QnameScan, scanName, scanQname } from './qname-scan.ts'
export type { SteeredName, Zone } from './zone.ts'
