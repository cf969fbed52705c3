import { foldName } from './area-table.ts'
import { FieldReader } from './field-reader.ts'
import type { Database } from './mmdb-file.ts'
import type { NamedAreas } from './named-areas.ts'
import { readAsn } from './network-map.ts'
import { RecordNumbers } from './record-numbers.ts'
import { compileField, firstString } from './region-table.ts'
import { dataOffset, readRecord, type SearchTree } from './search-tree.ts'

/** What databases have of the kinds of things that areas name, where these are names that one can get wrong. */
export interface KnownNames {
  /** By country that an area names a city of: its cities as the databases write them, by folded name. */
  readonly cities: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly subdivisions: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Those of the named AS numbers that have networks. */
  readonly asns: ReadonlySet<number>
}

/** Looks through all records once, and not through the addresses: much faster than to compile a map. */
export function knownNames(databases: readonly Database[], named: NamedAreas): KnownNames {
  const cities = new Map([...named.cities.keys()].map((country) => [country, new Map<string, string>()]))
  const subdivisions = new Map([...named.subdivisions.keys()].map((country) => [country, new Map<string, string>()]))
  const asns = new Set<number>()
  for (const database of databases) {
    const { tree, schema } = database
    const fields = new FieldReader(tree)
    const country = compileField(schema, 'country')
    const asn = named.asns.length === 0 ? [] : compileField(schema, 'asn')
    const collectors = [
      { names: cities, paths: compileField(schema, 'city') },
      { names: subdivisions, paths: compileField(schema, 'subdivision') },
    ].filter(({ names, paths }) => names.size > 0 && paths.length > 0)
    if (asn.length === 0 && collectors.length === 0) continue
    forEachRecord(tree, (offset) => {
      const number = readAsn(fields, offset, asn)
      if (number !== undefined) asns.add(number)
      if (collectors.length === 0) return
      const code = firstString(fields, offset, country).toUpperCase()
      for (const { names, paths } of collectors) {
        const ofCountry = names.get(code)
        if (ofCountry === undefined) continue
        for (const path of paths) {
          const name = fields.string(offset, path)
          if (name !== '') ofCountry.set(foldName(name), name)
        }
      }
    })
  }
  return { cities, subdivisions, asns: new Set(named.asns.filter((asn) => asns.has(asn))) }
}

/** Calls with the offset of the data of each distinct record. */
function forEachRecord(tree: SearchTree, visit: (offset: number) => void): void {
  const seen = new RecordNumbers()
  for (let node = 0; node < tree.nodeCount; node++) {
    for (const bit of [0, 1]) {
      const record = readRecord(tree, node, bit)
      if (record <= tree.nodeCount || seen.get(record) >= 0) continue
      seen.add(record, 0)
      visit(dataOffset(tree, record))
    }
  }
}
