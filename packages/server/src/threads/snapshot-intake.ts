import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Runtime } from '@windrose/nameserver'
import { WorkerCell } from '../transport/worker-cells.ts'
import type { SnapshotMessage } from './thread-data.ts'

/**
 * Takes the newest snapshot that waits on the port, if the shared version says that one does: otherwise one load is all
 * that it costs. A message without a snapshot only wakes; the order that it stands for is in the cells.
 */
export function takeSnapshot(runtime: Runtime, port: MessagePort, cells: Int32Array): void {
  if (Atomics.load(cells, WorkerCell.snapshotVersion) === cells[WorkerCell.takenVersion]) return
  let newest: SnapshotMessage | undefined
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: SnapshotMessage | undefined } | undefined
    if (received === undefined) break
    newest = received.message ?? newest
  }
  if (newest !== undefined) takeMessage(runtime, newest, cells)
}

/** Takes a snapshot, unless a newer one was taken already. */
export function takeMessage(runtime: Runtime, message: SnapshotMessage, cells: Int32Array): void {
  if (message.version <= cells[WorkerCell.takenVersion]!) return
  runtime.take(message.snapshot, message.load)
  cells[WorkerCell.takenVersion] = message.version
}
