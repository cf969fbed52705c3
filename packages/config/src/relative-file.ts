import { dirname, isAbsolute, join } from 'node:path'

/** A path that a file names, as seen from where that file was named: relative to the folder that the file is in. */
export function relativeFile(from: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(from), path)
}
