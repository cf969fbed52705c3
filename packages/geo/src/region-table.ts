import { foldName } from './area-table.ts'
import { continentCode } from './continents.ts'
import { type CompiledPath, compilePath, type FieldReader } from './field-reader.ts'
import type { Database } from './mmdb-file.ts'
import type { NamedAreas } from './named-areas.ts'
import type { Field, Schema } from './schema.ts'

/** What a place says to areas. Names that no area asks for are left out. */
export interface Region {
  /** The code as the databases write it, in upper case; '' where they do not say. */
  readonly country: string
  /** Two letters, as the databases write them, else those of the country; '' where nobody says. */
  readonly continent: string
  /** Folded: the code and the name of the first-level subdivision. */
  readonly subdivisions: readonly string[]
  /** Folded; '' for none. */
  readonly city: string
}

const NOWHERE: Region = { country: '', continent: '', subdivisions: [], city: '' }

/** Regions by number, each distinct one once. Number 0 is nowhere. */
export class RegionTable {
  readonly list: Region[] = [NOWHERE]
  readonly #named: NamedAreas
  readonly #numbers: Map<string, number> = new Map([['', 0]])

  constructor(named: NamedAreas) {
    this.#named = named
  }

  /** Gives the number of the region that the data at an offset of the database describes. */
  reader(database: Database, fields: FieldReader): (offset: number) => number {
    const named = this.#named
    const country = compileField(database.schema, 'country')
    const continent = named.continents ? compileField(database.schema, 'continent') : []
    const subdivision = compileField(database.schema, 'subdivision')
    const city = compileField(database.schema, 'city')
    const namesIn = (names: ReadonlySet<string> | undefined, offset: number, paths: readonly CompiledPath[]) => {
      if (names === undefined) return []
      return paths.map((path) => foldName(fields.string(offset, path))).filter((name) => names.has(name))
    }
    return (offset) => {
      const code = firstString(fields, offset, country)
      const written = firstString(fields, offset, continent)
      const upper = named.subdivisions.size + named.cities.size === 0 ? code : code.toUpperCase()
      const subdivisions = namesIn(named.subdivisions.get(upper), offset, subdivision)
      const [name = ''] = namesIn(named.cities.get(upper), offset, city)
      return this.#intern(code, written, subdivisions, name)
    }
  }

  #intern(code: string, continent: string, subdivisions: readonly string[], city: string): number {
    const isPlain = continent === '' && subdivisions.length === 0 && city === ''
    const key = isPlain ? code : [code, continent, city, ...subdivisions].join('\n')
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const country = code.toUpperCase()
    const region = { country, continent: continent.toUpperCase() || continentCode(country), subdivisions, city }
    this.#numbers.set(key, this.list.length)
    return this.list.push(region) - 1
  }
}

export function compileField(schema: Schema, field: Field): CompiledPath[] {
  return schema.fields[field].map(compilePath)
}

/** The first string that one of the paths leads to; '' when none does. */
export function firstString(fields: FieldReader, offset: number, paths: readonly CompiledPath[]): string {
  for (const path of paths) {
    const text = fields.string(offset, path)
    if (text !== '') return text
  }
  return ''
}
