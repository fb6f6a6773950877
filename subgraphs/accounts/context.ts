import type { IncomingHttpHeaders } from 'node:http';

import type DataLoader from 'dataloader';

import { loadById } from '../loaders.js';
import { users } from './users.js';
import type { UserRecord } from './users.js';

export interface Context {
  readonly users: DataLoader<string, UserRecord | null>;
  /** Who asks, as the gateway says (subgraphs/demo.yaml); undefined: it does not say. */
  readonly userId: string | undefined;
}

export function createContext(headers: IncomingHttpHeaders): Context {
  const userId = headers['x-user-id'];
  return {
    users: loadById(readUsers, (user) => user.id),
    userId: typeof userId === 'string' ? userId : undefined,
  };
}

/** One query of a database: `where id in (…)`. */
function readUsers(ids: readonly string[]): Promise<readonly UserRecord[]> {
  const wanted = new Set(ids);
  return Promise.resolve(users.filter((user) => wanted.has(user.id)));
}
