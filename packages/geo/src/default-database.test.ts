import { defaultDatabase } from './default-database.ts'
import { openDatabase } from './mmdb-file.ts'

test('the database that comes with the installation opens and knows countries', () => {
  const database = openDatabase(defaultDatabase())
  expect('problem' in database ? database.problem : database.schema.precision).toBe('country')
})
