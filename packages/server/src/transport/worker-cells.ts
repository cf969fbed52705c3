/**
 * The words that the main thread and an answering thread share: each is written by one side only.
 */
export const WorkerCell = {
  /** Main: moves when a snapshot waits on the port. */
  snapshotVersion: 0,
  /** Main: 1 asks the thread to stop after the batch at hand. */
  stop: 1,
  /** Worker: moves with each turn of its loop; if it stands still the thread hangs. */
  heartbeat: 2,
  /** Worker: packets in the batch at hand, 0 between batches; for the log when it dies. */
  held: 3,
  /** Worker: the slot of the batch that is being answered; those before it are answered. */
  atHand: 4,
  /** Worker: responses that could not be sent. */
  sendFailures: 5,
  /** Worker: the version of the snapshot it answers from. */
  takenVersion: 6,
  /** Worker: 1 when it answers. */
  ready: 7,
  /** Main: microseconds that the thread rests after a small batch, so that the next one is larger; 0 for none. */
  restUs: 8,
} as const

export const WORKER_CELLS = 16
