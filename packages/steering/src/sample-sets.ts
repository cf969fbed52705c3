/** One set of positions, in ascending order, and the probability that it is drawn. */
export interface SampledSet {
  readonly members: readonly number[]
  readonly share: number
}

/** A weighted draw of sets: each set's share, and how probable it is that a position is in the set drawn. */
export interface SetSample {
  readonly sets: readonly SampledSet[]
  /** By position: min(1, size * weight / sum), where what is cut off at 1 goes to the others in proportion. */
  readonly inclusion: readonly number[]
}

/**
 * Weighted sampling without replacement, as a table instead of a draw (systematic sampling, Madow 1949).
 *
 * The positions lie on a line, each as long as its inclusion probability; the line is `size` long. A comb with teeth one
 * apart is laid at an offset u in [0, 1): the positions under its teeth are the set. No position is longer than 1, so none is
 * hit twice. As u runs, the set changes only where the end of a position passes a tooth:
 *
 *   |----a----|--b--|------c------|--d--|      size 2: a tooth in each half
 *        u         |       u+1       |
 *
 * so there are at most as many sets as positions, and each has an exact share. With more positions than `most`, the comb is
 * laid at `most` offsets (j + 0.5) / most instead: then an inclusion probability is met within 1 / most.
 *
 * Weights are integers above 0; lengths are kept as integers (in units of the weight that is left when certain positions are
 * taken out), so that shares have no slivers made by rounding. `size` is 1 to the number of positions.
 */
export function sampleSets(weights: readonly number[], size: number, most: number): SetSample {
  const line = layOut(weights, size)
  const sets = weights.length <= most ? everySet(line, size) : evenSets(line, size, most)
  return { sets, inclusion: line.lengths.map((length) => length / line.unit) }
}

/** Lengths of the positions on the line, and the distance between the teeth of the comb, in the same unit. */
interface Line {
  readonly lengths: readonly number[]
  readonly unit: number
}

/**
 * The heaviest position is certain as long as `size left * weight` reaches the weight left. What the lengths then say is
 * `size left * weight / weight left`, multiplied by the weight left.
 */
function layOut(weights: readonly number[], size: number): Line {
  const heaviestFirst = weights.map((_, position) => position).sort((a, b) => weights[b]! - weights[a]!)
  let sizeLeft = size
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0)
  const certain = new Set<number>()
  for (const position of heaviestFirst) {
    if (sizeLeft === 0 || sizeLeft * weights[position]! < weightLeft) break
    certain.add(position)
    sizeLeft--
    weightLeft -= weights[position]!
  }
  const unit = weightLeft > 0 ? weightLeft : 1
  return { lengths: weights.map((weight, position) => (certain.has(position) ? unit : sizeLeft * weight)), unit }
}

function everySet(line: Line, size: number): SampledSet[] {
  const changes = new Set<number>([0])
  let end = 0
  for (const length of line.lengths) {
    end = (end + length) % line.unit
    changes.add(end)
  }
  const offsets = [...changes].sort((a, b) => a - b)
  return offsets.map((offset, i) => ({
    members: membersAt(line, size, offset),
    share: ((offsets[i + 1] ?? line.unit) - offset) / line.unit,
  }))
}

/** Equal sets are neighbours, because the teeth only ever move forward. */
function evenSets(line: Line, size: number, most: number): SampledSet[] {
  const sets: { members: readonly number[]; share: number }[] = []
  for (let j = 0; j < most; j++) {
    const members = membersAt(line, size, ((j + 0.5) / most) * line.unit)
    const last = sets.at(-1)
    if (last?.members.every((member, i) => member === members[i])) last.share += 1 / most
    else sets.push({ members, share: 1 / most })
  }
  return sets
}

function membersAt(line: Line, size: number, offset: number): number[] {
  const members: number[] = []
  let end = 0
  for (const [position, length] of line.lengths.entries()) {
    end += length
    if (members.length < size && offset + members.length * line.unit < end) members.push(position)
  }
  return members
}
