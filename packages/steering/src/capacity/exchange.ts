import { type AreaHeap, appendArea, dropLeast, heapify, makeHeap, pushArea } from './area-heap.ts'
import type { Transport } from './transport.ts'

/** Who is where, and which area would change best from one site to another. */
export interface Exchange {
  readonly sites: number
  /** Area times sites plus site: the load there. */
  readonly flow: Float64Array
  /** By site. */
  readonly loads: Float64Array
  /** From times sites plus to: what a unit costs more at `to`, for the area that loses least; Infinity where none can change. */
  readonly price: Float64Array
  /** As `price`: that area. */
  readonly mover: Int32Array
  /** Must be called for a site before `price` is read of it or `move` is called for it. */
  readonly open: (from: number) => void
  /** Moves an amount of `mover` between two sites; it must be there. */
  readonly move: (from: number, to: number, amount: number) => void
}

/** Everybody at their cheapest site. */
export function openExchange({ sites, demand, options, cost }: Transport): Exchange {
  const flow = new Float64Array(demand.length * sites)
  const loads = new Float64Array(sites)
  const price = new Float64Array(sites * sites).fill(Number.POSITIVE_INFINITY)
  const mover = new Int32Array(sites * sites).fill(-1)
  // By from times sites plus to, where `from` was opened. An area stays in when it has left; it is dropped at the top.
  const heaps: AreaHeap[] = []
  options.forEach((list, area) => {
    if (list.length === 0) return
    const site = cheapest(list, cost, area * sites)
    flow[area * sites + site] = demand[area]!
    loads[site]! += demand[area]!
  })

  const open = (from: number): void => {
    if (heaps[from * sites] !== undefined) return
    let count = 0
    for (let area = 0; area < demand.length; area++) if (flow[area * sites + from]! > 0) count++
    for (let to = 0; to < sites; to++) heaps[from * sites + to] = makeHeap(to === from ? 0 : count)
    for (let area = 0; area < demand.length; area++) {
      const cell = area * sites
      if (flow[cell + from]! <= 0) continue
      const list = options[area]!
      for (let i = 0; i < list.length; i++) {
        const to = list[i]!
        if (to !== from) appendArea(heaps[from * sites + to]!, cost[cell + to]! - cost[cell + from]!, area)
      }
    }
    for (let to = 0; to < sites; to++) {
      heapify(heaps[from * sites + to]!)
      refresh(from, to)
    }
  }

  const refresh = (from: number, to: number): void => {
    const heap = heaps[from * sites + to]!
    while (heap.size > 0 && flow[heap.areas[0]! * sites + from]! <= 0) dropLeast(heap)
    price[from * sites + to] = heap.size > 0 ? heap.keys[0]! : Number.POSITIVE_INFINITY
    mover[from * sites + to] = heap.size > 0 ? heap.areas[0]! : -1
  }

  const enter = (area: number, site: number): void => {
    if (heaps[site * sites] === undefined) return
    const list = options[area]!
    const cell = area * sites
    for (let i = 0; i < list.length; i++) {
      const to = list[i]!
      if (to === site) continue
      pushArea(heaps[site * sites + to]!, cost[cell + to]! - cost[cell + site]!, area)
      refresh(site, to)
    }
  }

  const leave = (area: number, site: number): void => {
    for (let to = 0; to < sites; to++) if (mover[site * sites + to] === area) refresh(site, to)
  }

  const move = (from: number, to: number, amount: number): void => {
    const area = mover[from * sites + to]!
    const cell = area * sites
    const left = flow[cell + from]! - amount
    const isEmpty = left <= demand[area]! * LEAST_PART
    const moved = isEmpty ? flow[cell + from]! : amount
    const isNew = flow[cell + to]! === 0
    flow[cell + from] = isEmpty ? 0 : left
    flow[cell + to]! += moved
    loads[from]! -= moved
    loads[to]! += moved
    if (isEmpty) leave(area, from)
    if (isNew) enter(area, to)
  }

  return { sites, flow, loads, price, mover, open, move }
}

function cheapest(list: ArrayLike<number>, cost: Float64Array, row: number): number {
  let best = list[0]!
  for (let i = 1; i < list.length; i++) if (cost[row + list[i]!]! < cost[row + best]!) best = list[i]!
  return best
}

/** What rounding leaves of an area at a site is nobody. */
const LEAST_PART = 1e-13
