import type DataLoader from 'dataloader';

import { loadById } from '../loaders.js';
import { users } from './users.js';
import type { UserRecord } from './users.js';

export interface Context {
  readonly users: DataLoader<string, UserRecord | null>;
}

export function createContext(): Context {
  return { users: loadById(readUsers, (user) => user.id) };
}

/** One query of a database: `where id in (…)`. */
function readUsers(ids: readonly string[]): Promise<readonly UserRecord[]> {
  const wanted = new Set(ids);
  return Promise.resolve(users.filter((user) => wanted.has(user.id)));
}
