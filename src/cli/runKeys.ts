import { formatProblem } from '../base/config/ConfigProblem.js';
import { loadConfig } from '../base/config/loadConfig.js';
import type { Config } from '../base/config/configSchema.js';
import { RedisConnection } from '../base/storage/RedisConnection.js';
import {
  createConsumer,
  KeyMistake,
  revokeKeys,
  rotateKey,
  setDisabled,
} from '../request/authentication/apiKeys/changeKeys.js';
import type { IssuedKey } from '../request/authentication/apiKeys/changeKeys.js';
import { isConsumerName, isScope } from '../request/authentication/apiKeys/Consumer.js';
import type { Consumer } from '../request/authentication/apiKeys/Consumer.js';
import { fileKeyDirectory } from '../request/authentication/apiKeys/fileKeyDirectory.js';
import type { KeyDirectory } from '../request/authentication/apiKeys/KeyStore.js';
import { redisKeyDirectory } from '../request/authentication/apiKeys/redisKeys.js';
import { Failure } from './Failure.js';

export interface KeysFlags {
  readonly config: string;
  readonly json: boolean;
  readonly plan?: string | undefined;
  readonly tenant?: string | undefined;
  readonly scope?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly expires?: number | undefined;
  /** Milliseconds. */
  readonly keep?: number | undefined;
  readonly key?: string | undefined;
}

export type KeysAction = 'create' | 'list' | 'rotate' | 'revoke' | 'disable' | 'enable';
type ApiKeys = NonNullable<Config['authentication']['apiKeys']>;

const KEEP_MS = 86_400_000;
/** A person waits longer than a request does. */
const REDIS_MS = 5000;

/** Does what a `portico keys` command asks for. Errors: a Failure. */
export async function runKeys(action: KeysAction, consumer: string | undefined, flags: KeysFlags): Promise<void> {
  const settings = readSettings(flags.config);
  const directory = await open(settings);
  try {
    await act(action, consumer ?? '', flags, directory, settings.pepper);
  } catch (error) {
    if (error instanceof KeyMistake) throw new Failure([error.message]);
    throw new Failure([`the store of API keys: ${(error as Error).message}`]);
  } finally {
    await directory.close();
  }
}

async function act(
  action: KeysAction,
  name: string,
  flags: KeysFlags,
  directory: KeyDirectory,
  pepper: string,
): Promise<void> {
  const { plan, tenant, scope: scopes = [], expires: lifetimeMs, json } = flags;
  switch (action) {
    case 'create':
      if (!isConsumerName(name)) throw new KeyMistake('a consumer is named with letters, digits and . @ _ -');
      if (!scopes.every(isScope)) throw new KeyMistake('a scope has no spaces, quotes or backslashes');
      return tell(await createConsumer(directory, pepper, { name, plan, tenant, scopes, lifetimeMs }), json);
    case 'rotate':
      return tell(await rotateKey(directory, pepper, name, { keepMs: flags.keep ?? KEEP_MS, lifetimeMs }), json);
    case 'list':
      return list(await directory.list(), await directory.lastUses(), json);
    case 'revoke':
      await revokeKeys(directory, name, flags.key);
      return done(`${flags.key === undefined ? `consumer ${name}` : `key ${flags.key} of ${name}`} is removed`, json);
    case 'disable':
    case 'enable':
      await setDisabled(directory, name, action === 'disable');
      return done(`consumer ${name} is ${action}d`, json);
  }
}

function readSettings(file: string): ApiKeys {
  const { loaded, problems } = loadConfig({ file });
  if (loaded === undefined) throw new Failure(problems.map(formatProblem));
  const { apiKeys } = loaded.config.authentication;
  if (apiKeys === undefined) throw new Failure([`${file}: authentication.api_keys does not say where keys are kept`]);
  return apiKeys;
}

async function open({ file, redis }: ApiKeys): Promise<KeyDirectory> {
  if (redis === undefined) return fileKeyDirectory(file!);
  const client = new RedisConnection({
    urls: [redis.url],
    purpose: 'API keys',
    commandTimeoutMs: REDIS_MS,
    lazy: true,
  });
  try {
    await client.ready(REDIS_MS);
  } catch (error) {
    client.close();
    throw new Failure([`the store of API keys: ${(error as Error).message}`]);
  }
  return redisKeyDirectory(client, redis.prefix);
}

/** The key alone on the standard output, so that it can be piped to where it belongs. */
function tell({ consumer, id, key, expiresAt }: IssuedKey, json: boolean): void {
  if (json) return print(JSON.stringify({ consumer, id, key, expiresAt }));
  process.stderr.write(
    `The key of ${consumer} (${id}${expiresAt === undefined ? '' : `, until ${expiresAt}`}). It is shown once:\n`,
  );
  print(key);
}

function done(text: string, json: boolean): void {
  print(json ? JSON.stringify({ done: text }) : text);
}

/** What `list` shows: nothing that helps to find out a key. */
function list(consumers: readonly Consumer[], uses: ReadonlyMap<string, number>, json: boolean): void {
  const shown = consumers.map((consumer) => ({
    ...consumer,
    keys: consumer.keys.map(({ id, createdAt, expiresAt }) => ({
      id,
      createdAt,
      expiresAt,
      lastUsedAt: timeOf(uses.get(id)),
    })),
  }));
  if (json) return print(JSON.stringify(shown));
  if (shown.length === 0) return print('There are no consumers yet.');
  for (const { name, plan, tenant, scopes, disabled, keys } of shown) {
    const facts = [
      plan && `plan ${plan}`,
      tenant && `tenant ${tenant}`,
      scopes.length > 0 && `scopes ${scopes.join(' ')}`,
      disabled && 'DISABLED',
    ];
    print([name, ...facts.filter((fact) => typeof fact === 'string')].join('  '));
    for (const { id, createdAt, expiresAt, lastUsedAt } of keys)
      print(`  ${id}  made ${createdAt}  ends ${expiresAt ?? 'never'}  last used ${lastUsedAt ?? 'not known'}`);
  }
}

function timeOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
