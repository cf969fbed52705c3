export type { ConfigurationOverrides } from './compile-configuration.ts'
export type {
  Configuration,
  ConfiguredEndpoint,
  GeoConfiguration,
  ServerConfiguration,
  Site,
} from './configuration.ts'
export { printDuration, readDuration } from './duration.ts'
export type {
  HealthConfiguration,
  HostPort,
  RedisConfiguration,
  RedisServers,
  RedisTls,
  StoreConfiguration,
  Vantage,
} from './health-configuration.ts'
export { configurationJsonSchema } from './json-schema.ts'
export { printProblem, printProblems } from './print-problem.ts'
export { type AreaKey, readAreaKey } from './read-area-key.ts'
export { type ReadConfiguration, readConfiguration } from './read-configuration.ts'
export type { LogLevel } from './schema.ts'
export { printSocketAddress, readSocketAddress, type SocketAddress } from './socket-address.ts'
export { defaultStateDir } from './state-dir.ts'
