import type { SimulatedServiceBody, SimulationBody } from '@windrose/server'
export function drawPicture(_body: SimulationBody, _service: SimulatedServiceBody): string {
  return ''
}
