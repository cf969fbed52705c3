import type { SimulationBody } from '@windrose/server'
export function writePage(_body: SimulationBody): string {
  return ''
}
