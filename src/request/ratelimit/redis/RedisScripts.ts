import type { RedisConnection } from '../../../base/storage/RedisConnection.js';

/** What a limiter needs of Redis. */
export type RedisScripts = Pick<RedisConnection, 'evaluate' | 'slotOf'>;
