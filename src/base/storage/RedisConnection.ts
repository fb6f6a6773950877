import { createHash } from 'node:crypto';

import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

import { PorticoError } from '../errors/PorticoError.js';
import { notices } from '../telemetry/channels.js';
import { slotOf } from './slotOf.js';

/** Where a Redis is, and how long we wait for it. */
export interface RedisSettings {
  /**
   * `redis://` or `rediss://` (TLS), with user and password where needed. One of a single server; several of a cluster, or of the
   * sentinels when `sentinelName` is set.
   */
  readonly urls: readonly string[];
  /** The name of the watched server, when `urls` are those of its sentinels. */
  readonly sentinelName?: string | undefined;
  /** Whether `urls` are nodes of a Redis Cluster. Default false. */
  readonly cluster?: boolean | undefined;
  /** For the answer to one command. Milliseconds; default 100. */
  readonly commandTimeoutMs?: number | undefined;
  /** In the log. */
  readonly purpose: string;
}

const DEFAULT_COMMAND_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 1000;
/** Silence after which a connection with commands under way is given up, in command deadlines: they must not pile up behind a dead peer. */
const SILENCES = 5;
const MAX_RECONNECT_MS = 2000;

/**
 * A connection to Redis that never makes a request wait for long: without a connection every command fails at once, with one it fails at its
 * deadline; nothing is queued for later, nothing is sent twice. It connects when it is made and again, with jitter, when it is lost.
 *
 * Errors of commands: STORE_UNAVAILABLE. Nothing of the address or the credentials is in a message.
 */
export class RedisConnection {
  readonly #client: Redis | Cluster;
  readonly #purpose: string;
  readonly #hashes = new Map<string, string>();
  #isDown = false;

  constructor(settings: RedisSettings) {
    this.#purpose = settings.purpose;
    this.#client = settings.cluster === true ? connectCluster(settings) : connectServer(settings);
    // Each failed attempt tells; the log hears of the first and of the recovery.
    this.#client.on('error', (error: Error) => this.#note(true, error));
    this.#client.on('end', () => this.#note(true));
    this.#client.on('close', () => this.#note(true));
    this.#client.on('ready', () => this.#note(false));
  }

  /** The slot of a key where a cluster spreads them; absent where one server has all. */
  get slotOf(): ((key: string) => number) | undefined {
    return this.#client instanceof Cluster ? slotOf : undefined;
  }

  /** Whether commands can be sent now. */
  get isReady(): boolean {
    return this.#client.status === 'ready';
  }

  /** Runs a script. `keys` lie in one slot. Errors: STORE_UNAVAILABLE. */
  async evaluate(script: string, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<unknown> {
    let hash = this.#hashes.get(script);
    if (hash === undefined) this.#hashes.set(script, (hash = createHash('sha1').update(script).digest('hex')));
    try {
      return await this.#client.evalsha(hash, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isUnknownScript(error)) throw this.#unavailable(error);
    }
    try {
      return await this.#client.eval(script, keys.length, ...keys, ...args);
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  /** Ends it; commands under way fail. */
  close(): void {
    this.#client.removeAllListeners();
    this.#client.on('error', () => {});
    this.#client.disconnect();
  }

  #note(isDown: boolean, error?: Error): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    const message = isDown ? `Redis for ${this.#purpose} is out of reach` : `Redis for ${this.#purpose} answers again`;
    notices.publish({ level: isDown ? 'error' : 'info', message, ...(error !== undefined && { error }) });
  }

  #unavailable(cause: unknown): PorticoError {
    return new PorticoError('STORE_UNAVAILABLE', `Redis for ${this.#purpose} did not answer`, { cause });
  }
}

function connectServer(settings: RedisSettings): Redis {
  const { urls, sentinelName } = settings;
  if (sentinelName === undefined) return new Redis(urls[0]!, connectionOptions(settings));
  const sentinels = urls.map((url) => new URL(url));
  const [{ username, password, protocol }] = sentinels as [URL];
  return new Redis({
    ...connectionOptions(settings),
    sentinels: sentinels.map(({ hostname, port }) => ({ host: hostname, port: Number(port) || 26_379 })),
    name: sentinelName,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {}, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: retryIn,
  });
}

function connectCluster(settings: RedisSettings): Cluster {
  const nodes = settings.urls.map((url) => new URL(url));
  const [{ username, password, protocol }] = nodes as [URL];
  // What ioredis decides by itself for the nodes of a cluster.
  const { enableOfflineQueue, retryStrategy, ...options } = connectionOptions(settings);
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port) || 6379 })),
    {
      enableOfflineQueue,
      clusterRetryStrategy: retryStrategy,
      // A slot that has moved is found at its new place, or soon; a command does not chase it for long.
      maxRedirections: 4,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      redisOptions: {
        ...options,
        ...(username !== '' && { username: decodeURIComponent(username) }),
        ...(password !== '' && { password: decodeURIComponent(password) }),
        ...(protocol === 'rediss:' && { tls: {} }),
      },
    },
  );
}

function connectionOptions({ commandTimeoutMs = DEFAULT_COMMAND_TIMEOUT_MS }: RedisSettings) {
  return {
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: commandTimeoutMs * SILENCES,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // A limit that was perhaps counted must not be counted again.
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryIn,
    // After a failover the old primary refuses writes: find the new one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
}

/** Exponential with jitter, so that a fleet does not come back in one moment. */
function retryIn(attempt: number): number {
  const ceiling = Math.min(MAX_RECONNECT_MS, 50 * 2 ** Math.min(attempt, 6));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
