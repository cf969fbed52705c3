import { lines, Scene, type ServiceSource } from './scene.arbitraries.ts'

const QUERIES = 6000

/** Marsaglia's xorshift with 32 bits: the same draws in every run. */
function seededDraws(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** How often each address is anywhere in an answer, and how often it is the first. */
function count(service: ServiceSource, seed: number): { anywhere: Map<string, number>; first: Map<string, number> } {
  const server = new Scene({
    zones: { 'example.org.': '' },
    steer: { 'web.example.org.': 'web' },
    services: { web: service },
  })
  const random = seededDraws(seed)
  const [anywhere, first] = [new Map<string, number>(), new Map<string, number>()]
  for (let i = 0; i < QUERIES; i++) {
    server.draws.splice(0, server.draws.length, random())
    const addresses = lines(server.ask('web.example.org. A').answers).map((line) => line.split(' ').at(-1)!)
    expect(new Set(addresses).size).toBe(addresses.length)
    for (const address of addresses) anywhere.set(address, (anywhere.get(address) ?? 0) + 1)
    first.set(addresses[0]!, (first.get(addresses[0]!) ?? 0) + 1)
  }
  return { anywhere, first }
}

/** Within five standard deviations of a binomial count; one that is certain is exact. */
function expectShare(counted: number | undefined, share: number): void {
  const deviation = Math.sqrt(QUERIES * share * (1 - share))
  expect(Math.abs((counted ?? 0) - QUERIES * share)).toBeLessThanOrEqual(5 * deviation)
}

const addresses = (...weights: readonly number[]): string[] => weights.map((weight, i) => `192.0.2.${i + 1} w${weight}`)

describe('answers that are drawn', () => {
  test.each<[string, number[], number, number[]]>([
    ['one of two, 30 to 10', [30, 10], 1, [3 / 4, 1 / 4]],
    ['one of four alike', [10, 10, 10, 10], 1, [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
    ['one of two with a very light one', [999, 1], 1, [0.999, 0.001]],
    ['two of three alike', [1, 1, 1], 2, [2 / 3, 2 / 3, 2 / 3]],
    ['two of three, one of them in every answer', [2, 1, 1], 2, [1, 1 / 2, 1 / 2]],
    ['two of four, 4 to 3 to 2 to 1', [4, 3, 2, 1], 2, [0.8, 0.6, 0.4, 0.2]],
    ['all of three', [3, 2, 1], 3, [1, 1, 1]],
  ])('%s: each address is in its share of them, and the first by weight', (_, weights, answers, shares) => {
    const pools = { fra: addresses(...weights) }
    const { anywhere, first } = count({ pools, policy: 'weighted', answers }, 20_240_607 + answers)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    for (const [i, weight] of weights.entries()) {
      expectShare(anywhere.get(`192.0.2.${i + 1}`), shares[i]!)
      expectShare(first.get(`192.0.2.${i + 1}`), weight / sum)
    }
  })

  test('of a pool in panic all are drawn as if they were up', () => {
    const pools = { fra: ['192.0.2.1 w30 down', '192.0.2.2 w10'] }
    const { first } = count({ pools, policy: 'weighted', answers: 1 }, 7)
    expectShare(first.get('192.0.2.1'), 3 / 4)
  })

  test('names: exactly one in an answer, by weight', () => {
    const pools = { fra: ['a.example.net. w88', 'b.example.net. w99'] }
    const { anywhere } = count({ pools, policy: 'weighted' }, 11)
    expectShare(anywhere.get('a.example.net.'), 88 / 187)
    expectShare(anywhere.get('b.example.net.'), 99 / 187)
  })
})
