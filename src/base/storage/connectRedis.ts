import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

/** Where a Redis is, and how long we wait for it. */
export interface RedisSettings {
  /**
   * `redis://` or `rediss://` (TLS), with user, password and database where needed. One of a single server; several of a cluster, or of
   * the sentinels when `sentinelName` is set.
   */
  readonly urls: readonly string[];
  /** The name of the watched server, when `urls` are those of its sentinels. */
  readonly sentinelName?: string | undefined;
  /** Whether `urls` are nodes of a Redis Cluster. Default false. */
  readonly cluster?: boolean | undefined;
  /** For the answer to one command. Milliseconds; default 100. */
  readonly commandTimeoutMs?: number | undefined;
}

export const DEFAULT_COMMAND_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 1000;
/** Silence after which a connection with commands under way is given up, in command deadlines: they must not pile up behind a dead peer. */
const SILENCES = 5;
const MAX_RECONNECT_MS = 2000;

/** A client that is not connected yet, queues nothing and sends nothing twice. */
export function connectRedis(settings: RedisSettings): Redis | Cluster {
  return settings.cluster === true ? connectCluster(settings) : connectServer(settings);
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
  const { enableOfflineQueue, retryStrategy, lazyConnect, ...options } = connectionOptions(settings);
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port) || 6379 })),
    {
      enableOfflineQueue,
      lazyConnect,
      clusterRetryStrategy: retryStrategy,
      // A slot that has moved is found at its new place. A command does not wait for a cluster that is down, and it is not sent again when
      // its connection is lost: it may have been counted.
      maxRedirections: 4,
      retryDelayOnClusterDown: 0,
      retryDelayOnFailover: 0,
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
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: commandTimeoutMs * SILENCES,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // What was perhaps counted must not be counted again.
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryIn,
    // After a failover the old primary refuses writes: find the new one. Redis 6 says it in the middle of a script's error.
    reconnectOnError: ({ message }: Error) => message.includes('READONLY'),
  } satisfies RedisOptions;
}

/** Exponential with jitter, so that a fleet does not come back in one moment. */
function retryIn(attempt: number): number {
  const ceiling = Math.min(MAX_RECONNECT_MS, 50 * 2 ** Math.min(attempt, 6));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}
