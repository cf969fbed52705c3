/**
 * The keys of a namespace. All of them share a hash tag, and so a slot of a Redis Cluster; those of an agent begin alike,
 * so that a rule of a Redis ACL can bound what the agent writes.
 */
export class RedisKeys {
  /** `{PREFIX:NAMESPACE}`, the part that Redis Cluster hashes. */
  readonly base: string

  constructor(prefix: string, namespace: string) {
    this.base = `{${prefix}:${namespace}}`
  }

  /** A random word that changes when Redis was emptied, or is another one. */
  get birth(): string {
    return `${this.base}:birth`
  }

  /** Set of agents' names. */
  get agents(): string {
    return `${this.base}:agents`
  }

  /** The incarnation that may write. */
  incarnation(agent: string): string {
    return `${this.base}:a:${agent}:incarnation`
  }

  /** Of the last batch that was taken. */
  sequence(agent: string): string {
    return `${this.base}:a:${agent}:sequence`
  }

  lease(agent: string): string {
    return `${this.base}:a:${agent}:lease`
  }

  /** All that the agent says, as of an entry of its log. */
  table(agent: string): string {
    return `${this.base}:a:${agent}:table`
  }

  /** Stream of what the agent said since. */
  log(agent: string): string {
    return `${this.base}:a:${agent}:log`
  }

  /** Set of servers' names. */
  get servers(): string {
    return `${this.base}:servers`
  }

  /** Which set of checks a server wants probed; expires with the server. */
  server(name: string): string {
    return `${this.base}:s:${name}`
  }

  /** What a server has answered; expires with the server. */
  load(server: string): string {
    return `${this.base}:load:${server}`
  }

  /** The incarnation of a server that may write its load. */
  loadIncarnation(server: string): string {
    return `${this.base}:load:${server}:incarnation`
  }

  /** Of the last load that was taken. */
  loadSequence(server: string): string {
    return `${this.base}:load:${server}:sequence`
  }

  checks(digest: string): string {
    return `${this.base}:checks:${digest}`
  }

  /** `SERVER FENCE` of the server that writes the state. */
  get keeper(): string {
    return `${this.base}:keeper`
  }

  get fence(): string {
    return `${this.base}:fence`
  }

  get states(): string {
    return `${this.base}:states`
  }

  get statesLog(): string {
    return `${this.base}:states:log`
  }

  /** Hash from id to JSON. */
  get overrides(): string {
    return `${this.base}:overrides`
  }

  /** Stream of what was done to overrides. */
  get audit(): string {
    return `${this.base}:audit`
  }
}
