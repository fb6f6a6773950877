import { signToken } from './issuer.js';
import { users } from './users.js';
import type { UserRecord } from './users.js';

/** A token with the rights of the user; undefined for a wrong username or password. */
export async function login(
  username: string,
  password: string,
): Promise<{ readonly token: string; readonly user: UserRecord } | undefined> {
  const user = users.find((each) => each.username === username);
  if (user === undefined || password !== username) return undefined;
  return { token: await tokenOf(user), user };
}

/** Members may write; everybody may read their profile. */
export function tokenOf({ id, membership }: UserRecord): Promise<string> {
  const scopes = membership === 'FREE' ? ['read:profile'] : ['read:profile', 'write:reviews'];
  return signToken({ subject: id, plan: membership.toLowerCase(), scopes });
}
