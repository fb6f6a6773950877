import type { RedisConnection } from '../../../base/storage/RedisConnection.js';
import { parseObject } from '../parseObject.js';
import { Unavailable } from '../Refusal.js';
import { readConsumer } from './Consumer.js';
import type { Consumer } from './Consumer.js';
import type { KeyDirectory, KeyStore } from './KeyStore.js';

/** `consumers`: name → consumer; `ids`: key id → name; `uses`: key id → time of last use. */
const names = (prefix: string) => ({ consumers: `${prefix}consumers`, ids: `${prefix}ids`, uses: `${prefix}uses` });

const FIND = `local name = redis.call('HGET', KEYS[2], ARGV[1])
if not name then return nil end
return redis.call('HGET', KEYS[1], name)`;

/** ARGV: name, what it was, what it shall be (both empty for none), number of ids to remove, those ids, ids to add. Gives 0 when it was something else. */
const CHANGE = `local was = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if was ~= ARGV[2] then return 0 end
local removed = tonumber(ARGV[4])
for i = 5, 4 + removed do redis.call('HDEL', KEYS[2], ARGV[i]); redis.call('HDEL', KEYS[3], ARGV[i]) end
for i = 5 + removed, #ARGV do redis.call('HSET', KEYS[2], ARGV[i], ARGV[1]) end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1`;

const MAX_TRIES = 10;

/** Keys in Redis: every look-up asks it, so a change counts for the next request of every instance. */
export function redisKeyStore(redis: RedisConnection, prefix: string): KeyStore {
  const { consumers, ids, uses } = names(prefix);
  return {
    async find(id) {
      let text: unknown;
      try {
        text = await redis.evaluate(FIND, [consumers, ids], [id]);
      } catch (error) {
        throw new Unavailable('the Redis of API keys cannot be asked', { cause: error });
      }
      if (typeof text !== 'string') return undefined;
      try {
        return readConsumer(parseObject(text));
      } catch (error) {
        throw new Unavailable('the Redis of API keys holds a consumer that cannot be read', { cause: error });
      }
    },
    async noteUse(times) {
      if (times.size > 0) await redis.call('HSET', uses, ...[...times].flat());
    },
    start: () => void redis.ready(1000).catch(() => {}),
    close: () => redis.close(),
  };
}

/** The keys in Redis, to be changed. */
export function redisKeyDirectory(redis: RedisConnection, prefix: string): KeyDirectory {
  const { consumers, ids, uses } = names(prefix);
  const textOf = async (name: string): Promise<string> =>
    ((await redis.call('HGET', consumers, name)) as string | null) ?? '';
  return {
    async read(name) {
      const text = await textOf(name);
      return text === '' ? undefined : readConsumer(parseObject(text));
    },
    async list() {
      const texts = (await redis.call('HVALS', consumers)) as string[];
      return texts.map((text) => readConsumer(parseObject(text))).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async lastUses() {
      const flat = (await redis.call('HGETALL', uses)) as string[];
      const times = new Map<string, number>();
      for (let at = 0; at + 1 < flat.length; at += 2) times.set(flat[at]!, Number(flat[at + 1]));
      return times;
    },
    async change(name, change) {
      for (let tried = 0; tried < MAX_TRIES; tried++) {
        const was = await textOf(name);
        const before = was === '' ? undefined : readConsumer(parseObject(was));
        const after = change(before);
        const text = after === undefined ? '' : JSON.stringify(after);
        const [gone, come] = [idsOf(before, after), idsOf(after, before)];
        const done = await redis.evaluate(
          CHANGE,
          [consumers, ids, uses],
          [name, was, text, gone.length, ...gone, ...come],
        );
        if (done === 1) return;
      }
      throw new Error(`consumer ${name} is being changed by somebody else`);
    },
    close: async () => redis.close(),
  };
}

/** Ids of keys that the first has and the second has not. */
function idsOf(consumer: Consumer | undefined, other: Consumer | undefined): readonly string[] {
  const known = new Set(other?.keys.map(({ id }) => id));
  return (consumer?.keys ?? []).map(({ id }) => id).filter((id) => !known.has(id));
}
