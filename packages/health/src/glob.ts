/** Whether the whole text fits a pattern in which `*` stands for any characters, also none; all others are themselves. */
export function matchGlob(pattern: string, text: string): boolean {
  return compileGlob(pattern)(text)
}

/** The same for many texts. */
export function compileGlob(pattern: string): (text: string) => boolean {
  if (!isGlob(pattern)) return (text) => text === pattern
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop() ?? ''
  return (text) => {
    if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false
    const end = text.length - tail.length
    let from = head.length
    for (const part of rest) {
      const found = text.indexOf(part, from)
      if (found < 0 || found + part.length > end) return false
      from = found + part.length
    }
    return true
  }
}

export function isGlob(pattern: string): boolean {
  return pattern.includes('*')
}
