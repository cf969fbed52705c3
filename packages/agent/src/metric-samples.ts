/**
 * Adds up the samples of a metric that have all of some labels, in a body of the text format of Prometheus 0.0.4 or
 * OpenMetrics 1.0. What is no sample is passed over, and so is a last line without an end: it may be cut off.
 *
 * `isLast`: a sample of the metric is the last thing in the body. Both formats have the samples of a metric together, so
 * where the body is cut off elsewhere all of them are there.
 */
export function sumSamples(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): { readonly sum: number; readonly count: number; readonly isLast: boolean } {
  let sum = 0
  let count = 0
  let isLast = false
  const wanted = Object.entries(labels)
  const end = text.lastIndexOf('\n')
  for (const line of text.slice(0, Math.max(0, end)).split('\n')) {
    const sample = line.startsWith(name) ? readSample(line.slice(name.length)) : undefined
    isLast = sample !== undefined
    if (sample === undefined || !wanted.every(([label, value]) => sample.labels.get(label) === value)) continue
    sum += sample.value
    count++
  }
  return { sum, count, isLast }
}

/** What is behind the name: labels or none, then the value. */
function readSample(rest: string): { labels: ReadonlyMap<string, string>; value: number } | undefined {
  const labels = new Map<string, string>()
  let place = 0
  if (rest.startsWith('{')) {
    place = 1
    while (rest[place] !== '}') {
      LABEL.lastIndex = place
      const label = LABEL.exec(rest)
      if (label === null) return undefined
      labels.set(label[1]!, unescapeLabel(label[2]!))
      place = LABEL.lastIndex
    }
    place++
  } else if (!/^[ \t]/.test(rest)) return undefined
  const [value] = rest.slice(place).trim().split(/[ \t]/)
  if (value === undefined || value === '') return undefined
  return { labels, value: SPECIAL[value.toLowerCase()] ?? Number(value) }
}

const LABEL = /[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*,?[ \t]*/y

function unescapeLabel(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}
