import { Redis } from 'ioredis';

import { notices } from '../telemetry/channels.js';

export interface RedisOptions {
  /** `redis://` or `rediss://`, with user, password and database where needed. */
  readonly url: string;
  /** In log lines: what it is used for. */
  readonly purpose: string;
  /** How long one command may take, in milliseconds. Default 100. */
  readonly timeoutMs?: number | undefined;
}

/** A script that Redis runs in one step. */
export interface RedisScript {
  /** Unique in the process: letters. */
  readonly name: string;
  readonly lua: string;
  readonly keyCount: number;
}

/**
 * A Redis that fails fast: a command that cannot be sent now fails now, one that takes too long fails then, and nothing waits in a queue.
 * Connects by itself, again and again. Its state is reported once a change, not once a command.
 */
export interface RedisClient {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
  run(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Connects, or waits until it has. Errors: an Error when it has not after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  close(): void;
}

const MAX_RECONNECT_MS = 2000;

/** Opens no connection before the first `ready` or command. */
export function createRedis({ url, purpose, timeoutMs = 100 }: RedisOptions): RedisClient {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    connectTimeout: Math.max(timeoutMs, 1000),
    // An answer to a command that has been given up would only be confused with the next one's.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(MAX_RECONNECT_MS, 50 * 2 ** Math.min(times, 6)),
  });
  let isDown = false;
  redis.on('error', (error: Error) => {
    if (isDown) return;
    isDown = true;
    const { code } = error as NodeJS.ErrnoException;
    notices.publish({
      level: 'error',
      message: 'Redis is not available',
      details: { purpose, code: code ?? error.name },
    });
  });
  redis.on('ready', () => {
    if (isDown) notices.publish({ level: 'info', message: 'Redis is available again', details: { purpose } });
    isDown = false;
  });
  const connect = (): Promise<void> | undefined =>
    redis.status === 'wait' ? redis.connect().catch(() => undefined) : undefined;
  const scripts = new Set<string>();

  return {
    async call(command, ...args) {
      await connect();
      return redis.call(command, ...args.map(String));
    },
    async run({ name, lua, keyCount }, keys, args) {
      await connect();
      if (!scripts.has(name)) {
        redis.defineCommand(name, { lua, numberOfKeys: keyCount });
        scripts.add(name);
      }
      const commands = redis as unknown as Record<string, (...all: readonly string[]) => Promise<unknown>>;
      return commands[name]!(...keys, ...args.map(String));
    },
    async ready(waitMs) {
      if (redis.status === 'ready') return;
      void connect();
      await new Promise<void>((resolve, reject) => {
        const onReady = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          redis.off('ready', onReady);
          reject(new Error(`Redis is not available after ${waitMs} ms`));
        }, waitMs);
        redis.once('ready', onReady);
      });
    },
    close: () => redis.disconnect(),
  };
}
