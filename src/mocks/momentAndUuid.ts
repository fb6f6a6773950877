import type { Draw } from './Draw.js';

const FIRST = Date.UTC(2020, 0, 1);
const LAST = Date.UTC(2026, 0, 1);

/** A time of recent years in ISO 8601, whole seconds, UTC. */
export function moment(draw: Draw): string {
  return new Date(FIRST + Math.floor((draw.fraction() * (LAST - FIRST)) / 1000) * 1000).toISOString();
}

/** A UUID in the form of version 4. */
export function uuid(draw: Draw): string {
  const hex = (digits: number): string => Array.from({ length: digits }, () => draw.whole(0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${draw.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
}
