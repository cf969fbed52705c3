export {
  CHECK_DEFAULTS,
  type Check,
  type CheckCommon,
  defaultTimeoutMs,
  HTTP_DEFAULTS,
  type HttpCheck,
  type HttpRequestCheck,
  type HttpsCheck,
  type StatusRange,
  type TcpCheck,
} from './check.ts'
export type { Override, OverrideTarget } from './override.ts'
export type { ProbeResult } from './probe-result.ts'
export { makeProbeTarget, type ProbeTarget } from './probe-target.ts'
export { isNewerReport, type Report } from './report.ts'
