export type {
  Configuration,
  ConfiguredEndpoint,
  GeoConfiguration,
  ServerConfiguration,
  Site,
  SocketAddress,
} from './configuration.ts'
export { printDuration, readDuration } from './duration.ts'
export { printProblem, printProblems } from './print-problem.ts'
export { type ConfigurationOverrides, type ReadConfiguration, readConfiguration } from './read-configuration.ts'
export { printSocketAddress, readSocketAddress } from './socket-address.ts'
export { defaultStateDirectory } from './state-directory.ts'
