import type { Identity, IdentityKind } from '../Identity.js';

const KINDS: ReadonlySet<string> = new Set<IdentityKind>([
  'jwt',
  'introspection',
  'api_key',
  'trusted_header',
  'external',
  'certificate',
]);

/**
 * A consumer as settings name it, as a key: a subject (`batch-job`), whoever vouches for it, or a subject of one kind of credential
 * (`api_key:batch-job`). The second is for where subjects can be chosen: the `sub` of a token may be spelled like the name of an API key.
 */
export function consumerKey(name: string): string {
  const colon = name.indexOf(':');
  const kind = name.slice(0, Math.max(0, colon));
  return KINDS.has(kind) ? `${kind}\n${name.slice(colon + 1)}` : `\n${name}`;
}

/** The keys under which a caller may be named, the nearer one first. */
export function consumerKeysOf({ kind, subject }: Identity): readonly string[] {
  return subject === undefined ? [] : [`${kind}\n${subject}`, `\n${subject}`];
}
