import { type Database, defaultDatabase, locate, openDatabase } from '@windrose/geo'
import type { PlaceOf } from '@windrose/importers'
import { readAddress } from '@windrose/ip'
import { CommandFailure } from '../exit-code.ts'

/** Where addresses are by a database, which is opened when the first one is asked for; the one that comes along by default. */
export function placesOf(file: string | undefined): PlaceOf {
  let database: Database | undefined
  return (address) => {
    const client = readAddress(address)
    if (client === undefined) return undefined
    database ??= open(file ?? defaultDatabase())
    const place = locate([database], client)[0]?.place
    if (place === undefined) return undefined
    const { coordinates, from, country } = place
    if (coordinates !== undefined && from === 'record') {
      return { at: [coordinates.latitude, coordinates.longitude], ...(country === undefined ? {} : { country }) }
    }
    return country === undefined ? undefined : { country }
  }
}

function open(file: string): Database {
  const database = openDatabase(file)
  if ('problem' in database) throw new CommandFailure(database.problem)
  return database
}
