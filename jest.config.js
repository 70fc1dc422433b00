/** Unit tests need nothing; integration and end-to-end tests get engines from the global setup, once for the whole run. */
// Workers inherit it. What a test provokes need not be read.
process.env.LOG_LEVEL ??= 'silent';

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/\\.roost', '<rootDir>/web/\\.next'],
};

const engines = { globalSetup: './tests/engines.setup.ts', globalTeardown: './tests/engines.teardown.ts' };

export default {
  // Nothing timed is asserted: this only ends what hangs, on a machine that may be slow.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(integration|e2e)\\.test\\.ts$'],
    },
    { ...shared, displayName: 'integration', testMatch: ['**/*.integration.test.ts'], ...engines },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['**/*.e2e.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/(distributed|containers)\\.e2e\\.test\\.ts$',
        '/tests/browser/',
      ],
      ...engines,
    },
    // The same tests on the other shape, and what only this one can do.
    {
      ...shared,
      displayName: 'e2e-distributed',
      testMatch: ['**/*.e2e.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/servers\\.e2e\\.test\\.ts$', '/tests/browser/'],
      globals: { roostShape: 'distributed' },
      ...engines,
    },
    // What stands before the gateway does not see its shape.
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['**/tests/browser/*.e2e.test.ts'],
      ...engines,
      globalSetup: './tests/browser/browser.setup.ts',
    },
  ],
};
