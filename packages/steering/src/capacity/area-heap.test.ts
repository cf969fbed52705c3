import fc from 'fast-check'
import { appendArea, dropLeast, heapify, makeHeap, pushArea } from './area-heap.ts'

test('a heap gives areas by key, then by number, whether they were there at first or came later', () => {
  const anyKeys = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
  fc.assert(
    fc.property(anyKeys, anyKeys, (first, later) => {
      const heap = makeHeap(first.length)
      for (const [i, key] of first.entries()) appendArea(heap, key, i)
      heapify(heap)
      for (const [i, key] of later.entries()) pushArea(heap, key, first.length + i)
      const given: (readonly [number, number])[] = []
      while (heap.size > 0) {
        given.push([heap.keys[0]!, heap.areas[0]!])
        dropLeast(heap)
      }
      const all = [...first, ...later].map((key, area) => [key, area] as const)
      expect(given).toEqual(all.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
    }),
  )
})
