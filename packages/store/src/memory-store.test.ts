import type { Override } from '@windrose/health'
import { createMemoryStore } from './memory-store.ts'
import type { OverrideStorage } from './override-storage.ts'
import { override, storeContract } from './store.laws.ts'

storeContract('the memory store', async () => createMemoryStore())

describe('a memory store with a storage for overrides', () => {
  test('begins with what the storage has, and saves the whole list at every change', async () => {
    const saved: string[][] = []
    const store = createMemoryStore(storage([override()], (ids) => void saved.push(ids)))
    expect(await store.overrides()).toEqual([override()])
    await store.putOverride(override({ id: 'o2', createdAt: 2000 }))
    await store.removeOverride('o1')
    await store.removeOverride('o1')
    expect(saved).toEqual([['o1', 'o2'], ['o2']])
  })

  test('an override that could not be saved is in force all the same, with a warning', async () => {
    const store = createMemoryStore(storage([], () => 'the disk is full'))
    expect(await store.putOverride(override())).toEqual({ changed: true, warning: 'the disk is full' })
    expect(await store.overrides()).toEqual([override()])
  })
})

function storage(loaded: Override[], onSave: (ids: string[]) => string | undefined): OverrideStorage {
  return {
    loaded,
    problems: [],
    save: async (overrides) => onSave(overrides.map((one) => one.id)),
    settled: async () => undefined,
  }
}
