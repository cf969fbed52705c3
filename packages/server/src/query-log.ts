/** Recorded queries, for verbs of the command that need nothing else of the server. */
export { readQueryLog } from './what-if/read-query-log.ts'
