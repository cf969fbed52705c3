import { fileURLToPath } from 'node:url'

/** A file of the demo, beside the sources of this package. Kept alone: only a module knows its own address. */
export function demoFile(name: 'windrose.yaml'): string {
  return fileURLToPath(new URL(`../../demo/${name}`, import.meta.url))
}

/** The program of one origin. */
export function originProgram(): string {
  return fileURLToPath(new URL('./origin.js', import.meta.url))
}
