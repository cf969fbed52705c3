import type { ListenAddress, ListenOutcome } from './thread-data.ts'

/** Something that can be bound to an address, and then knows which it is. */
export interface Bindable {
  readonly wanted: ListenAddress
  /** Rejects with the system's error, whose `code` says why. */
  listen(): Promise<ListenAddress>
  close(): void
}

/** Binds all or none. */
export async function listenAll(listeners: readonly Bindable[]): Promise<ListenOutcome> {
  const addresses: ListenAddress[] = []
  for (const listener of listeners) {
    try {
      addresses.push(await listener.listen())
    } catch (error) {
      for (const other of listeners) other.close()
      const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
      return { kind: 'refused', address: listener.wanted, code, message }
    }
  }
  return { kind: 'listening', addresses }
}
