import type { Clock } from '../../base/kit/Clock.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import type { TestCall } from '../records/TestCall.js';
import type { FaultReason } from './transportFault.js';
import type { WireAnswer } from './WireAnswer.js';

/** What happens to a call instead of, or before, the subgraph's answer. */
export type FaultEffect =
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'fail'; readonly reason: FaultReason | Error }
  | { readonly kind: 'answer'; readonly answer: WireAnswer };

/** Everything but a delay, which only comes before it. */
export type FinalEffect = Exclude<FaultEffect, { readonly kind: 'delay' }>;

export interface FaultRule {
  readonly effect: FaultEffect;
  readonly applies: (call: TestCall) => boolean;
  /** Calls that it is still for. */
  left: number;
}

/** What was asked to go wrong with one subgraph. */
export class FaultScript {
  #rules: FaultRule[] = [];

  add(rule: FaultRule): void {
    this.#rules.push(rule);
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules are asked in the order they were given. Delays add up, and the first that is no delay decides. */
  judge(call: TestCall): { readonly delayMs: number; readonly effect: FinalEffect | undefined } {
    let delayMs = 0;
    for (const rule of this.#rules) {
      if (rule.left <= 0 || !rule.applies(call)) continue;
      rule.left--;
      if (rule.effect.kind !== 'delay') return { delayMs, effect: rule.effect };
      delayMs += rule.effect.ms;
    }
    return { delayMs, effect: undefined };
  }
}

/** Waits on the clock, at the longest until the lifetime ends. */
export function waitFor(ms: number, clock: Clock, lifetime: Lifetime): Promise<void> {
  return new Promise((resolve) => {
    const stopWaiting = clock.schedule(() => {
      stopListening();
      resolve();
    }, ms);
    const stopListening = lifetime.onEnd(() => {
      stopWaiting();
      resolve();
    });
  });
}
