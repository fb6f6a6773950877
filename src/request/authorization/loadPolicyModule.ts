import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { PorticoError } from '../../base/errors/PorticoError.js';

import type { Policy } from './Policy.js';

/**
 * Loads the functions that a module exports: each is the policy of its name. A default export may be an object of functions, for names
 * that are no identifiers. A changed file is loaded anew.
 *
 * Errors: CONFIG_INVALID when it cannot be loaded or has no functions.
 */
export async function loadPolicyModule(file: string): Promise<ReadonlyMap<string, Policy>> {
  const policies = new Map<string, Policy>();
  try {
    const url = `${pathToFileURL(file).href}?v=${statSync(file).mtimeMs}`;
    const loaded = (await import(url)) as Readonly<Record<string, unknown>>;
    const named = loaded['default'];
    for (const [name, value] of [
      ...Object.entries(loaded),
      ...(typeof named === 'object' && named !== null ? Object.entries(named) : []),
    ]) {
      if (typeof value === 'function') policies.set(name, value as Policy);
    }
  } catch (cause) {
    throw new PorticoError('CONFIG_INVALID', `authorization.policies.module: ${file} cannot be loaded`, { cause });
  }
  if (policies.size > 0) return policies;
  throw new PorticoError('CONFIG_INVALID', `authorization.policies.module: ${file} exports no functions`);
}
