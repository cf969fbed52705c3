import { CHECK_DEFAULTS, type Check, HTTP_DEFAULTS } from '@windrose/health'
import { type HeldLoad, holdLoad, isOtherFigure } from './held-load.ts'

const CHECK: Check = {
  ...CHECK_DEFAULTS,
  ...HTTP_DEFAULTS,
  type: 'http',
  name: 'load',
  port: 80,
  intervalMs: 1000,
  timeoutMs: 900,
  headers: {},
  load: { in: 'header', name: 'X-Load' },
}
const said = (figure: number) => ({ outcome: 'success', reason: 'status 200', load: { figure } }) as const
const SILENT = { outcome: 'success', reason: 'status 200', load: { problem: 'there is no header X-Load' } } as const
const FAILED = { outcome: 'failure', reason: 'connection refused' } as const

describe('what an agent says of a load', () => {
  test('is the last figure, for three intervals after it; then why there is none', () => {
    let held: HeldLoad | undefined = holdLoad(undefined, said(7), CHECK, 0)
    held = holdLoad(held, SILENT, CHECK, 1000)
    held = holdLoad(held, FAILED, CHECK, 3000)
    expect(held).toEqual({ load: { figure: 7 }, at: 0 })
    held = holdLoad(held, FAILED, CHECK, 4000)
    expect(held).toEqual({ load: { problem: 'connection refused' }, at: 4000 })
    expect(holdLoad(held, SILENT, CHECK, 5000)?.load).toEqual({ problem: 'there is no header X-Load' })
    expect(holdLoad(held, said(8), CHECK, 6000)?.load).toEqual({ figure: 8 })
  })

  test('is nothing where the check does not look for it', () => {
    const { load: _, ...without } = CHECK as Check & { load: unknown }
    expect(holdLoad(undefined, said(7), without as Check, 0)).toBeUndefined()
  })

  test.each([
    [undefined, undefined, false],
    [undefined, { figure: 0 }, true],
    [{ figure: 100 }, { figure: 101 }, false],
    [{ figure: 100 }, { figure: 103 }, true],
    [{ figure: 0 }, { figure: 0 }, false],
    [{ figure: 0 }, { figure: 0.1 }, true],
    [{ figure: 1 }, { problem: 'a' }, true],
    [{ problem: 'a' }, { problem: 'a' }, false],
    [{ problem: 'a' }, { problem: 'b' }, true],
  ])('%j and %j: other is %s', (before, after, isOther) => {
    expect(isOtherFigure(before, after, 0.02)).toBe(isOther)
  })
})
