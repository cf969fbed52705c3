import { parentPort } from 'node:worker_threads'

/** What a thread is started with: its first message. By then its code is loaded, which takes longer than all the rest. */
export function receiveOrder<Data>(): Promise<Data> {
  return new Promise((resolve) => parentPort!.once('message', resolve))
}
