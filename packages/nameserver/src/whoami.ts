/**
 * The built-in service `whoami`: a name steered to it answers with the resolver's address and the client subnet as the
 * server sees them. Its number is one that no configured service can have.
 */
export const WHOAMI_SERVICE: number = 0x7fffffff
