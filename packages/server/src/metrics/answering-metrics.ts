import { printRcode } from '@windrose/dns'
import { Counter } from '@windrose/nameserver'
import type { ThreadStatus } from '../answering.ts'
import type { RunningParts } from '../running-parts.ts'
import type { Metric } from './metric.ts'
import type { Sample } from './print-metrics.ts'

/** What the answering threads count. */
export const ANSWERING_METRICS: readonly Metric[] = [
  {
    name: 'windrose_dns_queries_total',
    type: 'counter',
    help: 'Packets taken in, by transport and address family, dropped ones included.',
    collect: (parts) =>
      QUERIES.map(({ cell, ...labels }) => ({ labels, value: sum(parts, (thread) => thread.counters[cell]!) })),
  },
  {
    name: 'windrose_dns_responses_total',
    type: 'counter',
    help: 'Responses by response code.',
    collect: (parts) => responses(parts),
  },
  count('windrose_dns_dropped_total', 'Packets not answered: runts, and responses that came as queries.', 'dropped'),
  count('windrose_dns_edns_queries_total', 'Queries with EDNS.', 'edns'),
  count('windrose_dns_client_subnet_queries_total', 'Queries with a client subnet (ECS).', 'clientSubnet'),
  count('windrose_dns_truncated_total', 'Responses cut to what the client can take, with TC set.', 'truncated'),
  count('windrose_dns_steered_queries_total', 'Queries that steering answered.', 'steered'),
  {
    name: 'windrose_steered_answers_total',
    type: 'counter',
    help: 'Steered answers by where they lead; one that leads to several sites counts for each by its part of the records.',
    collect: (parts) =>
      (parts.answering()?.load().pools ?? []).map(({ service, site, answers }) => ({
        labels: { service, site },
        value: answers,
      })),
  },
  count('windrose_answer_cache_hits_total', 'Steered answers that were remembered.', 'cacheHits'),
  count('windrose_answer_cache_misses_total', 'Steered answers that were decided anew.', 'cacheMisses'),
  count('windrose_dns_chains_total', 'Responses that follow a CNAME or DNAME.', 'chains'),
  {
    name: 'windrose_udp_transport_info',
    type: 'gauge',
    help: '1, with how UDP packets are moved and why that way.',
    collect: (parts) => {
      const transport = parts.answering()?.transport
      return transport === undefined
        ? []
        : [{ labels: { transport: transport.name, reason: transport.reason }, value: 1 }]
    },
  },
  perThread(
    'windrose_thread_restarts_total',
    'Answering threads that died and were replaced.',
    ({ restarts }) => restarts,
  ),
  perThread(
    'windrose_udp_kernel_drops_total',
    'Datagrams that the kernel dropped because the receive buffer of a thread was full.',
    ({ kernelDrops }) => kernelDrops,
  ),
  perThread('windrose_send_failures_total', 'Responses that could not be sent.', ({ sendFailures }) => sendFailures),
]

const QUERIES = [
  { cell: Counter.queriesUdp4, transport: 'udp', family: 'ipv4' },
  { cell: Counter.queriesUdp6, transport: 'udp', family: 'ipv6' },
  { cell: Counter.queriesTcp4, transport: 'tcp', family: 'ipv4' },
  { cell: Counter.queriesTcp6, transport: 'tcp', family: 'ipv6' },
] as const

const RCODES = 16

/** The response codes that this server gives are always there, others once they occur. */
const ALWAYS: ReadonlySet<string> = new Set(['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'])

function responses(parts: RunningParts): readonly Sample[] {
  const byRcode = Array.from({ length: RCODES }, (_, rcode) => ({
    labels: { rcode: printRcode(rcode) },
    value: sum(parts, ({ counters }) => counters[Counter.rcodes + rcode]!),
  }))
  const badvers = { labels: { rcode: 'BADVERS' }, value: sum(parts, ({ counters }) => counters[Counter.badvers]!) }
  return [...byRcode, badvers].filter(({ labels, value }) => value > 0 || ALWAYS.has(labels.rcode))
}

function count(
  name: string,
  help: string,
  cell: 'dropped' | 'edns' | 'clientSubnet' | 'truncated' | 'steered' | 'cacheHits' | 'cacheMisses' | 'chains',
): Metric {
  return {
    name,
    type: 'counter',
    help,
    collect: (parts) => [{ value: sum(parts, ({ counters }) => counters[Counter[cell]]!) }],
  }
}

function perThread(name: string, help: string, value: (thread: ThreadStatus) => number): Metric {
  return {
    name,
    type: 'counter',
    help,
    collect: (parts) => threadsOf(parts).map((thread) => ({ labels: { thread: thread.name }, value: value(thread) })),
  }
}

function sum(parts: RunningParts, value: (thread: ThreadStatus) => number): number {
  return threadsOf(parts).reduce((total, thread) => total + value(thread), 0)
}

function threadsOf(parts: RunningParts): readonly ThreadStatus[] {
  return parts.answering()?.threads() ?? []
}
