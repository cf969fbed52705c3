import type { TestServer } from './server.ts'

/** The parts of `GET /api/v1/status` that tests look at. */
export interface Status {
  readonly ready: boolean
  readonly waitingFor: readonly string[]
  readonly config: {
    readonly revision: string
    readonly lastError?: {
      readonly message: string
      readonly problems: readonly { file: string; line: number; column: number; message: string; hint?: string }[]
    }
  }
  readonly sites: readonly {
    readonly name: string
    readonly load: {
      readonly value: number | null
      readonly unit: string
      readonly source: string
      readonly problem: string | null
    } | null
  }[]
  readonly transport: { readonly name: string; readonly reason: string }
  readonly tokenFile: string
  readonly threads: readonly { readonly name: string; readonly queries: number; readonly restarts: number }[]
  readonly endpoints: readonly {
    readonly id: string
    readonly verdict: string
    readonly since: string | null
    readonly reason: string
    readonly flags: readonly string[]
    readonly vantages: readonly {
      readonly vantage: string
      readonly verdict: string
      readonly since: string | null
      readonly reason: string
      readonly latencyMs: number | null
    }[]
  }[]
  readonly store: {
    readonly up: boolean
    readonly reason: string
    readonly keeper: boolean
    readonly ageSeconds: number
    readonly refused: Readonly<Record<string, number>>
    readonly signing: { readonly agent: string } | null
  }
  readonly agents: readonly {
    readonly name: string
    readonly vantage: string
    readonly state: string
    readonly targets: number
    readonly ageSeconds: number
    readonly incarnation: number
  }[]
  readonly overrides: readonly { readonly id: string; readonly target: string; readonly reason: string }[]
}

export async function statusOf(server: TestServer): Promise<Status> {
  return (await (await fetch(`${server.api}/api/v1/status`)).json()) as Status
}

/** What turned since the start, oldest first: `web/fra/192.0.2.1 up down`, with ` at VANTAGE` for a view. */
export async function transitionsOf(server: TestServer): Promise<readonly string[]> {
  const response = await fetch(`${server.api}/api/v1/transitions?after=0&limit=1000`)
  const { transitions } = (await response.json()) as { readonly transitions: readonly Turned[] }
  return transitions.map(({ endpoint, from, to, vantage }) =>
    [endpoint, from, to, ...(vantage === null ? [] : ['at', vantage])].join(' '),
  )
}

interface Turned {
  readonly endpoint: string
  readonly from: string
  readonly to: string
  readonly vantage: string | null
}

/** The value of the sample that begins so: `windrose_ready`, `x_total{result="success"}`. */
export async function metric(server: TestServer, sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${server.api}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length + 1))
}

/** The verdict of an endpoint by its id. */
export async function verdictOf(server: TestServer, id: string): Promise<string | undefined> {
  return (await statusOf(server)).endpoints.find((endpoint) => endpoint.id === id)?.verdict
}
