/** YAML and JSON with the place of everything in it, for those who read other files than windrose.yaml. */
export type { DocumentPath } from './document-path.ts'
export { entriesInOrder } from './entries-in-order.ts'
export { readDocument } from './read-document.ts'
export { placeOf, type SourceDocument } from './source-document.ts'
