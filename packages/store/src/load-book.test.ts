import { LoadBook } from './load-book.ts'
import { load, pool } from './store.laws.ts'

let now: number
let book: LoadBook
beforeEach(() => {
  now = 1000
  book = new LoadBook(() => now)
})

test('the load of a site is that of all services and servers there', () => {
  book.note(load({ server: 'one', pools: [pool(), pool({ service: 'api', smoothed: 1 })] }))
  book.note(load({ server: 'two', pools: [pool(), pool({ site: 'iad', perSecond: 2 })] }))
  expect([...book.bySite()]).toEqual([
    ['fra', { perSecond: 15, smoothed: 9 }],
    ['iad', { perSecond: 2, smoothed: 4 }],
  ])
})

test('nobody has said anything: there is no load, and nothing that is old', () => {
  expect([book.byPool(), book.bySite().size, book.age()]).toEqual([[], 0, undefined])
})

test('is as old as the record that came first, and a record that is only seen again makes it no younger', () => {
  book.note(load({ server: 'one' }))
  now += 3000
  book.note(load({ server: 'two' }))
  expect(book.age()).toBe(3000)
  now += 1000
  book.note(load({ server: 'one' }))
  expect(book.age()).toBe(4000)
  book.note(load({ server: 'one', sequence: 2 }))
  expect(book.age()).toBe(1000)
})

test('a server that was started again takes the place of itself, whatever its number', () => {
  book.note(load({ incarnation: 7, sequence: 99 }))
  // The store was emptied: it counts from 1 again.
  book.note(load({ incarnation: 1, pools: [pool({ perSecond: 1 })] }))
  expect(book.bySite().get('fra')).toMatchObject({ perSecond: 1 })
})
