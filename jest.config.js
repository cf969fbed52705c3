/** Tests run on the sources: TypeScript is transformed file by file, nothing needs to be built first. */
export default {
  testEnvironment: 'node',
  // A test that fails leaves out what it would have closed; the run ends nevertheless.
  forceExit: true,
  testMatch: [
    '<rootDir>/packages/*/src/**/*.test.ts',
    '<rootDir>/bench/src/**/*.test.ts',
    '<rootDir>/test/**/*.test.ts',
  ],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: {
    '^@windrose/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@windrose/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2.ts',
  },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
}
