/** The version of the program, as in the package. */
export const VERSION: string = '0.1.0'
