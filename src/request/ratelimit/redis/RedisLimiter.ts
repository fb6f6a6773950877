import type { Clock } from '../../../base/kit/Clock.js';
import { systemClock } from '../../../base/kit/Clock.js';
import type { Adjustment, Claim, Group, Limiter, Spending, Standing } from '../Limiter.js';

import { ADJUST_SCRIPT } from './adjustScript.js';
import { decodeSpendings, encodeAdjustments, encodeGroups } from './encodeGroups.js';
import type { RedisScripts } from './RedisScripts.js';
import { SPEND_SCRIPT } from './spendScript.js';

export interface RedisLimiterOptions {
  readonly scripts: RedisScripts;
  /** In front of every key, so that several gateways can share a Redis without sharing limits. */
  readonly keyPrefix: string;
  readonly clock?: Clock | undefined;
}

/**
 * Counts in Redis, so that several gateways share their limits. One call per request, whatever the number of limits.
 *
 * In a cluster the counters of one caller lie in one slot (hash tag), so most requests are one call too. Where they are several, the slots
 * are asked in parallel and what one took for a group that another refused, or did not answer for, is given back: each limit is exact, and
 * for the moment in between a group may be refused that would just have fitted.
 *
 * Errors: as RedisScripts; nothing is known then about what was taken.
 */
export class RedisLimiter implements Limiter {
  readonly #scripts: RedisScripts;
  readonly #clock: Clock;
  readonly #keyOf: (claim: Claim) => string;

  constructor({ scripts, keyPrefix, clock = systemClock }: RedisLimiterOptions) {
    this.#scripts = scripts;
    this.#clock = clock;
    this.#keyOf = ({ key, rule }) => `${keyPrefix}{${key}}:${rule.name}`;
  }

  async spend(groups: readonly Group[]): Promise<readonly Spending[]> {
    const slots = this.#slotsOf(groups);
    if (slots.length <= 1) return this.#ask(groups);
    return this.#askSlots(groups, slots);
  }

  async adjust(adjustments: readonly Adjustment[]): Promise<void> {
    if (this.#scripts.slotOf === undefined) return this.#adjust(adjustments);
    const slots = new Set(adjustments.map(({ claim }) => this.#slotOf(claim)));
    await Promise.all(
      [...slots].map((slot) => this.#adjust(adjustments.filter(({ claim }) => this.#slotOf(claim) === slot))),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(groups: readonly Group[]): Promise<Spending[]> {
    const { keys, args } = encodeGroups(groups, this.#keyOf, this.#clock.now());
    return decodeSpendings(await this.#scripts.evaluate(SPEND_SCRIPT, keys, args), groups);
  }

  async #askSlots(groups: readonly Group[], slots: readonly number[]): Promise<readonly Spending[]> {
    const parts = slots.map((slot) =>
      groups.map((group) => ({ ...group, claims: group.claims.filter((claim) => this.#slotOf(claim) === slot) })),
    );
    const answers = await this.#askAll(parts);
    const granted = settle(groups, answers);
    await Promise.all(parts.map((part, index) => this.#giveBack(part, answers[index]!, granted)));
    return groups.map(({ units, claims }, index): Spending => {
      const standings = new Map<Claim, Standing>();
      parts.forEach((part, slot) =>
        part[index]!.claims.forEach((claim, at) => standings.set(claim, answers[slot]![index]!.standings[at]!)),
      );
      const passed = granted[index]!;
      return { granted: Math.min(passed, units), standings: claims.map((claim) => standings.get(claim)!) };
    });
  }

  /** When a slot does not answer nothing is decided: what the others took is given back, and nobody waits for that. */
  async #askAll(parts: ReadonlyArray<readonly Group[]>): Promise<ReadonlyArray<readonly Spending[]>> {
    const asked = await Promise.allSettled(parts.map((part) => this.#ask(part)));
    const failed = asked.find((each) => each.status === 'rejected');
    if (failed === undefined) return asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    asked.forEach((each, index) => {
      if (each.status === 'rejected') return;
      const part = parts[index]!;
      this.#giveBack(part, each.value, new Array<number>(part.length).fill(0)).catch(() => {});
    });
    throw failed.reason;
  }

  async #giveBack(part: readonly Group[], answers: readonly Spending[], granted: readonly number[]): Promise<void> {
    const adjustments = part.flatMap(({ claims }, index): Adjustment[] => {
      const { granted: taken, standings } = answers[index]!;
      const units = taken - granted[index]!;
      if (units <= 0) return [];
      return claims.flatMap((claim, which) => {
        const isTaken = !claim.readOnly && !claim.rule.countRejected && claim.cost > 0;
        return isTaken ? [{ claim, units: -units * claim.cost, at: standings[which]!.at }] : [];
      });
    });
    if (adjustments.length > 0) await this.#adjust(adjustments);
  }

  /** All of one slot. */
  async #adjust(adjustments: readonly Adjustment[]): Promise<void> {
    const { keys, args } = encodeAdjustments(adjustments, this.#keyOf, this.#clock.now());
    await this.#scripts.evaluate(ADJUST_SCRIPT, keys, args);
  }

  #slotsOf(groups: readonly Group[]): readonly number[] {
    if (this.#scripts.slotOf === undefined) return [];
    return [...new Set(groups.flatMap(({ claims }) => claims.map((claim) => this.#slotOf(claim))))];
  }

  #slotOf(claim: Claim): number {
    return this.#scripts.slotOf!(this.#keyOf(claim));
  }
}

/** What each group gets when all slots have spoken. */
function settle(groups: readonly Group[], answers: ReadonlyArray<readonly Spending[]>): readonly number[] {
  let isStopped = false;
  return groups.map(({ units, decides }, index) => {
    const least = isStopped ? 0 : Math.min(...answers.map((spendings) => spendings[index]!.granted));
    const granted = decides && least < units ? 0 : least;
    if (decides && granted < units) isStopped = true;
    return granted;
  });
}
