import { expect, it } from 'vitest';

import { ignoredEnvironment } from '../../../src/supergraph/read/ignoredEnvironment.js';

it('warns of each variable that would switch off a limit in Apollo’s gateway, and of nothing else', () => {
  const warnings = ignoredEnvironment({
    APOLLO_DISABLE_SECURITY_RECURSIVE_SELECTIONS_CHECK: 'true',
    APOLLO_DISABLE_SECURITY_NON_LOCAL_SELECTIONS_CHECK: 'true',
    APOLLO_KEY: 'x',
    PATH: '/bin',
  });
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('APOLLO_DISABLE_SECURITY_NON_LOCAL_SELECTIONS_CHECK');
});
