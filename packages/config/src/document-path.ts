/** Where a value is inside a document: keys and positions from the root. */
export type DocumentPath = readonly (string | number)[]

/** `services.web.pools.fra[1]`; a key that is no plain word stands in brackets: `zones["example.com"]`. */
export function printPath(path: DocumentPath): string {
  let text = ''
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`
    else if (PLAIN_WORD.test(segment)) text += text === '' ? segment : `.${segment}`
    else text += `[${JSON.stringify(segment)}]`
  }
  return text
}

const PLAIN_WORD = /^[A-Za-z0-9_-]+$/
