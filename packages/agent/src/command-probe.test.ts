import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandCheck } from '@windrose/health'
import { runProbe } from './served.arbitraries.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-command-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Runs a shell script as the check's program. */
function run(script: string, change: Partial<CommandCheck> = {}, address = '127.0.0.1', signal?: AbortSignal) {
  const argv = ['/bin/sh', '-c', script] as const
  return runProbe({ type: 'command', argv, env: [], timeoutMs: 3000, ...change }, address, signal)
}

async function until(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000
  while (!happened()) {
    if (Date.now() > deadline) throw new Error('nothing happened within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has reaped yet is dead.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a command check', () => {
  test.each([
    [0, { outcome: 'success', degraded: false }],
    [1, { outcome: 'success', degraded: true }],
    [2, { outcome: 'failure', degraded: false }],
    [3, { outcome: 'inconclusive', degraded: false }],
    [127, { outcome: 'inconclusive', degraded: false }],
  ])('that ends with %i is %j, and says the first line', async (code, expected) => {
    expect(await run(`echo 'DISK so full | /=93%'; echo more; exit ${code}`)).toMatchObject({
      ...expected,
      reason: 'DISK so full',
    })
    expect(await run(`exit ${code}`)).toMatchObject({ ...expected, reason: `exit code ${code}` })
  })

  test('that dies of a signal says nothing about the target', async () => {
    expect(await run('kill -SEGV $$')).toMatchObject({ outcome: 'inconclusive', reason: 'ended by SIGSEGV' })
  })

  test('gives the program address, endpoint and port, and of the environment only what is allowed', async () => {
    process.env['WINDROSE_TEST_ALLOWED'] = 'yes'
    process.env['WINDROSE_TEST_SECRET'] = 'no'
    const file = join(directory, 'environment')
    const change = { env: ['WINDROSE_TEST_ALLOWED', 'WINDROSE_TEST_ABSENT'], port: 8080 }
    await run(`env > ${file}`, change, 'origin.test')
    const environment = readFileSync(file, 'utf8').trim().split('\n')
    // What sh itself adds is none of ours.
    expect(environment.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line)).sort()).toEqual([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'WINDROSE_ADDRESS=127.0.0.1',
      'WINDROSE_ENDPOINT=origin.test',
      'WINDROSE_PORT=8080',
      'WINDROSE_TEST_ALLOWED=yes',
    ])
    expect(await run('env | grep -c WINDROSE_PORT; true', {}, '::1')).toMatchObject({ reason: '0' })
    expect(await run('echo $WINDROSE_ADDRESS', {}, '::1')).toMatchObject({ reason: '::1' })
  })

  test('passes arguments on as they are: no shell reads them', async () => {
    const program = join(directory, 'say')
    writeFileSync(program, '#!/bin/sh\necho "$#:$1"\n')
    chmodSync(program, 0o755)
    const argv = [program, '$(id); "x" *'] as const
    expect(await runProbe({ type: 'command', argv, env: [] })).toMatchObject({ reason: '1:$(id); "x" *' })
  })

  test('takes what a reason may hold from the output: one line, no control characters, bounded', async () => {
    expect(await run("printf '\\033[31mred\\007\\ttext\\r\\nmore'")).toMatchObject({ reason: '[31mred text' })
    const { reason } = await run("head -c 100000 /dev/zero | tr '\\0' x")
    expect(reason).toBe(`${'x'.repeat(159)}\u2026`)
  })

  test('does not stand still for a program that writes more than is kept', async () => {
    expect(await run('head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; exit 2')).toMatchObject({
      outcome: 'failure',
    })
  })

  test('that takes too long fails, and takes the whole group with it', async () => {
    const pids = join(directory, 'pids')
    const result = await run(`sleep 1000 & echo $$ $! > ${pids}; wait`, { timeoutMs: 300 })
    expect(result).toMatchObject({ outcome: 'failure', reason: 'the command did not end within 300 ms' })
    const [shell, sleep] = readFileSync(pids, 'utf8').split(' ').map(Number)
    await until(() => !isAlive(shell!) && !isAlive(sleep!))
  })

  test('that ignores SIGTERM is killed', async () => {
    const pid = join(directory, 'pid')
    const script = `trap 'echo caught > ${pid}.term' TERM; echo $$ > ${pid}; while :; do sleep 0.05; done`
    expect(await run(script, { timeoutMs: 400 })).toMatchObject({ outcome: 'failure' })
    const stubborn = Number(readFileSync(pid, 'utf8'))
    await until(() => existsSync(`${pid}.term`))
    expect(isAlive(stubborn)).toBe(true)
    await until(() => !isAlive(stubborn))
  })

  test('leaves no process behind that its program has left behind', async () => {
    const pid = join(directory, 'left')
    expect(await run(`sleep 1000 >/dev/null 2>&1 & echo $! > ${pid}; echo fine`)).toMatchObject({
      outcome: 'success',
      reason: 'fine',
    })
    const left = Number(readFileSync(pid, 'utf8'))
    await until(() => !isAlive(left))
  })

  test('ends when it is told to', async () => {
    const pid = join(directory, 'stopped')
    const abort = new AbortController()
    const running = run(`echo $$ > ${pid}; exec sleep 1000`, {}, '127.0.0.1', abort.signal)
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '')
    abort.abort()
    expect(await running).toMatchObject({ outcome: 'inconclusive', reason: 'the agent stops' })
    await until(() => !isAlive(Number(readFileSync(pid, 'utf8'))))
  })

  test.each([
    ['/nowhere/check_it', '/nowhere/check_it cannot be started: no such program'],
    ['/etc/passwd', '/etc/passwd cannot be started: permission denied'],
    ['a\0b', expect.stringMatching(/^the probe cannot be made: /)],
  ])('whose program %j cannot be started says nothing about the target', async (program, reason) => {
    expect(await runProbe({ type: 'command', argv: [program], env: [] })).toMatchObject({
      outcome: 'inconclusive',
      reason,
    })
  })
})
