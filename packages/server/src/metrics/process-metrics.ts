import { readKernelUdpErrors } from './kernel-counters.ts'
import type { Metric } from './metric.ts'

/** The process and the machine under it. Those of the process have the names that all Prometheus clients use. */
export const PROCESS_METRICS: readonly Metric[] = [
  {
    name: 'windrose_kernel_udp_receive_errors_total',
    type: 'counter',
    help: 'UDP datagrams that the kernel could not hand over, of all programs in the network namespace.',
    collect: () => readKernelUdpErrors().map(({ family, errors }) => ({ labels: { family }, value: errors })),
  },
  {
    name: 'windrose_kernel_udp_receive_buffer_errors_total',
    type: 'counter',
    help: 'Those of them for which a receive buffer was full.',
    collect: () =>
      readKernelUdpErrors().map(({ family, bufferErrors }) => ({ labels: { family }, value: bufferErrors })),
  },
  {
    name: 'windrose_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How late the event loop of the main thread was at most, in the last ten to twenty seconds.',
    collect: ({ loopLag }) => [{ labels: { thread: 'main' }, value: loopLag.maxSeconds() }],
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time used by the process with all its threads.',
    collect: () => {
      const { user, system } = process.cpuUsage()
      return [{ value: (user + system) / 1e6 }]
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process that is in RAM.',
    collect: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the process started, as Unix time.',
    collect: ({ startedAt }) => [{ value: startedAt / 1000 }],
  },
]
