import { createHash } from 'node:crypto';

import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';

import { PorticoError } from '../errors/PorticoError.js';
import type { Clock } from '../kit/Clock.js';
import { systemClock } from '../kit/Clock.js';
import { notices } from '../telemetry/channels.js';
import { connectRedis, DEFAULT_COMMAND_TIMEOUT_MS } from './connectRedis.js';
import type { RedisSettings } from './connectRedis.js';
import { SilenceBreaker } from './SilenceBreaker.js';
import { slotOf } from './slotOf.js';

export interface RedisConnectionOptions extends RedisSettings {
  /** In the log: what it is used for. */
  readonly purpose: string;
  /** Whether it connects with `ready` or the first command, and not at once. Default false. */
  readonly lazy?: boolean | undefined;
  /** Of the breaker. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/**
 * A connection to Redis that never makes a request wait for long: without a connection every command fails at once, with one it fails at its
 * deadline, and when deadlines pass in a row most commands fail at once, too. Nothing is queued for later, nothing is sent twice. It connects
 * again, with jitter, when it is lost.
 *
 * Errors of commands: STORE_UNAVAILABLE. Nothing of the address or the credentials is in a message.
 */
export class RedisConnection {
  readonly #client: Redis | Cluster;
  readonly #purpose: string;
  readonly #timeoutMs: number;
  readonly #breaker: SilenceBreaker;
  readonly #hashes = new Map<string, string>();
  #isDown = false;

  constructor({ purpose, lazy = false, clock = systemClock, ...settings }: RedisConnectionOptions) {
    this.#purpose = purpose;
    this.#timeoutMs = settings.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS;
    this.#breaker = new SilenceBreaker(clock);
    this.#client = connectRedis(settings);
    // Each failed attempt tells; the log hears of the first and of the recovery.
    this.#client.on('error', (error: Error) => this.#note(true, error));
    this.#client.on('end', () => this.#note(true));
    this.#client.on('close', () => this.#note(true));
    this.#client.on('ready', () => {
      this.#breaker.answered();
      this.#note(false);
    });
    // A node would connect with its first command, and refuse the next ones meanwhile.
    if (isCluster(this.#client))
      this.#client.on('+node', (node: Redis) => void (node.status === 'wait' && node.connect().catch(() => {})));
    if (!lazy) void this.#connect();
  }

  /** The slot of a key where a cluster spreads them; absent where one server has all. */
  get slotOf(): ((key: string) => number) | undefined {
    return isCluster(this.#client) ? slotOf : undefined;
  }

  /** Whether commands can be sent now; of a cluster, to all its nodes. */
  get isReady(): boolean {
    const { status } = this.#client;
    return (
      status === 'ready' && (!isCluster(this.#client) || this.#client.nodes().every((node) => node.status === 'ready'))
    );
  }

  /** Runs a script in one step. `keys` lie in one slot. Errors: STORE_UNAVAILABLE. */
  evaluate(script: string, keys: readonly string[], args: ReadonlyArray<string | number>): Promise<unknown> {
    let hash = this.#hashes.get(script);
    if (hash === undefined) this.#hashes.set(script, (hash = createHash('sha1').update(script).digest('hex')));
    const known = hash;
    return this.#send(async () => {
      try {
        return await this.#client.evalsha(known, keys.length, ...keys, ...args);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return this.#client.eval(script, keys.length, ...keys, ...args);
      }
    });
  }

  /** Errors: STORE_UNAVAILABLE. */
  call(command: string, ...args: ReadonlyArray<string | number>): Promise<unknown> {
    return this.#send(() => this.#client.call(command, ...args.map(String)));
  }

  /** Connects, or waits until it has. Errors: STORE_UNAVAILABLE when it has not after `waitMs`. */
  async ready(waitMs: number): Promise<void> {
    if (this.isReady) return;
    void this.#connect();
    await new Promise<void>((resolve, reject) => {
      const onReady = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#client.off('ready', onReady);
        const message = `Redis for ${this.#purpose} is out of reach after ${waitMs} ms`;
        reject(new PorticoError('STORE_UNAVAILABLE', message));
      }, waitMs);
      this.#client.once('ready', onReady);
    });
  }

  /** Ends it; commands under way fail. */
  close(): void {
    this.#client.removeAllListeners();
    this.#client.on('error', () => {});
    this.#client.disconnect();
  }

  async #connect(): Promise<void> {
    // Its failures arrive as events.
    if (this.#client.status === 'wait') await this.#client.connect().catch(() => {});
  }

  async #send(command: () => Promise<unknown>): Promise<unknown> {
    if (this.#client.status === 'wait') await this.#connect();
    if (this.#client.status !== 'ready') throw this.#unavailable('is out of reach');
    if (!this.#breaker.mayAsk()) throw this.#unavailable('has not answered for a while');
    return new Promise((resolve, reject) => {
      let isLate = false;
      // Of the command with all it takes: redirections, a script that has to be loaded.
      const timer = setTimeout(() => {
        isLate = true;
        this.#breaker.silent();
        reject(this.#unavailable(`did not answer within ${this.#timeoutMs} ms`));
      }, this.#timeoutMs);
      command().then(
        (answer) => {
          clearTimeout(timer);
          // Who always answers too late is as good as silent.
          if (!isLate) this.#breaker.answered();
          resolve(answer);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (!isLate && isReply(error)) this.#breaker.answered();
          reject(this.#unavailable('refused a command or was lost', error));
        },
      );
    });
  }

  #note(isDown: boolean, error?: Error): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    const message = isDown ? `Redis for ${this.#purpose} is out of reach` : `Redis for ${this.#purpose} answers again`;
    notices.publish({ level: isDown ? 'error' : 'info', message, ...(error !== undefined && { error }) });
  }

  #unavailable(what: string, cause?: unknown): PorticoError {
    const message = `Redis for ${this.#purpose} ${what}`;
    return new PorticoError('STORE_UNAVAILABLE', message, cause === undefined ? {} : { cause });
  }
}

function isCluster(client: Redis | Cluster): client is Cluster {
  return client instanceof Cluster;
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
