export { COUNTER_CELLS, Counter } from './counters.ts'
export { Exchange } from './exchange.ts'
export { type Settings, UDP_PAYLOAD } from './settings.ts'
export { WHOAMI_SERVICE } from './whoami.ts'
