import type { LimitRule } from '../../../src/request/ratelimit/LimitRule.js';

/** What a limit means, as plainly as it can be said: every grant ever made is remembered. Gives how many of `units` pass at `now`. */
export function limitModel({ algorithm, max, windowMs, burst }: LimitRule): (units: number, now: number) => number {
  const grants: number[] = [];
  let level = burst;
  let filledAt = 0;
  const take = (units: number, room: number, now: number): number => {
    const granted = Math.max(0, Math.min(units, Math.floor(room + 1e-6)));
    for (let left = granted; left > 0; left--) grants.push(now);
    return granted;
  };
  if (algorithm === 'sliding_window') {
    return (units, now) => take(units, max - grants.filter((at) => at > now - windowMs).length, now);
  }
  if (algorithm === 'fixed_window') {
    const windowOf = (at: number): number => Math.floor(at / windowMs);
    return (units, now) => take(units, max - grants.filter((at) => windowOf(at) === windowOf(now)).length, now);
  }
  return (units, now) => {
    level = Math.min(burst, level + ((now - filledAt) * max) / windowMs);
    filledAt = now;
    const granted = take(units, level, now);
    level -= granted;
    return granted;
  };
}
