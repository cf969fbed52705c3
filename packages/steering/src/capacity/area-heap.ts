/** Areas by a key, of which the least is at hand: a binary heap. Of equal keys the lower area number comes first. */
export interface AreaHeap {
  /** Longer than the heap: what is behind `size` means nothing. */
  keys: Float64Array
  areas: Int32Array
  size: number
}

export function makeHeap(capacity: number): AreaHeap {
  return { keys: new Float64Array(capacity), areas: new Int32Array(capacity), size: 0 }
}

/** Puts an area in without order; `heapify` then makes a heap of all. There must be room. */
export function appendArea(heap: AreaHeap, key: number, area: number): void {
  heap.keys[heap.size] = key
  heap.areas[heap.size++] = area
}

export function heapify(heap: AreaHeap): void {
  for (let place = (heap.size >> 1) - 1; place >= 0; place--) sink(heap, place, heap.keys[place]!, heap.areas[place]!)
}

export function pushArea(heap: AreaHeap, key: number, area: number): void {
  if (heap.size === heap.keys.length) grow(heap)
  const { keys, areas } = heap
  let place = heap.size++
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!isBefore(key, area, keys[parent]!, areas[parent]!)) break
    keys[place] = keys[parent]!
    areas[place] = areas[parent]!
    place = parent
  }
  keys[place] = key
  areas[place] = area
}

/** Takes the least away. There must be one. */
export function dropLeast(heap: AreaHeap): void {
  heap.size--
  sink(heap, 0, heap.keys[heap.size]!, heap.areas[heap.size]!)
}

function sink({ keys, areas, size }: AreaHeap, start: number, key: number, area: number): void {
  let place = start
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    const next = child + 1
    if (next < size && isBefore(keys[next]!, areas[next]!, keys[child]!, areas[child]!)) child = next
    if (!isBefore(keys[child]!, areas[child]!, key, area)) break
    keys[place] = keys[child]!
    areas[place] = areas[child]!
    place = child
  }
  keys[place] = key
  areas[place] = area
}

function grow(heap: AreaHeap): void {
  const { keys, areas, size } = heap
  heap.keys = new Float64Array(2 * size + 16)
  heap.areas = new Int32Array(2 * size + 16)
  heap.keys.set(keys)
  heap.areas.set(areas)
}

function isBefore(key: number, area: number, otherKey: number, otherArea: number): boolean {
  return key < otherKey || (key === otherKey && area < otherArea)
}
