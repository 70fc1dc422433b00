/** Unit tests need nothing; integration and end-to-end tests get engines from the global setup, once for the whole run. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/\\.roost'],
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', '\\.(integration|e2e)\\.test\\.ts$'] },
    { ...shared, displayName: 'integration', testMatch: ['**/*.integration.test.ts'], globalSetup: './tests/engines.setup.ts' },
    { ...shared, displayName: 'e2e', testMatch: ['**/*.e2e.test.ts'], globalSetup: './tests/engines.setup.ts' },
  ],
};
