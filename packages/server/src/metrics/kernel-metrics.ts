import { readKernelUdpErrors } from './kernel-counters.ts'
import type { Metric } from './metric.ts'

/** The machine under a server. */
export const KERNEL_METRICS: readonly Metric<unknown>[] = [
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
]
