import { InvalidArgumentError } from 'commander';

import { Draw } from '../../mocks/Draw.js';

/** How a mock behaves besides its answers. */
export interface MockBehaviour {
  /** The least and the most that it takes to answer, in milliseconds. */
  readonly latencyMs: readonly [min: number, max: number];
  /** The share of calls that fail with status 500, from 0 to 1. */
  readonly failures: number;
}

/** One word of a script: about a subgraph, or about all of them. */
export interface ScriptEntry extends Partial<MockBehaviour> {
  readonly subgraph: string | undefined;
}

const UNITS = { ms: 1, s: 1000 } as const;
const MAX_MS = 600_000;

/** `50ms`, `50ms..200ms`, `reviews=1s`; once or more often. */
export function latencies(text: string, former: readonly ScriptEntry[]): readonly ScriptEntry[] {
  const [subgraph, range] = split(text);
  const [min, max = min, ...more] = range.split('..').map(milliseconds);
  if (min === undefined || max === undefined || Number.isNaN(min + max) || more.length > 0 || min > max || max > MAX_MS)
    throw new InvalidArgumentError('Write a duration or two: 50ms..200ms, or reviews=1s for one subgraph');
  return [...former, { subgraph, latencyMs: [min, max] }];
}

/** `0.1`, `reviews=0.1`; once or more often. */
export function failures(text: string, former: readonly ScriptEntry[]): readonly ScriptEntry[] {
  const [subgraph, share] = split(text);
  const value = Number(share);
  if (share.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Write a share of the calls from 0 to 1: 0.1, or reviews=0.1 for one subgraph');
  return [...former, { subgraph, failures: value }];
}

/** What the script says about one subgraph: later words go before earlier ones, its own before those for all. */
export function behaviourOf(script: readonly ScriptEntry[], subgraph: string): MockBehaviour {
  const about = (name: string | undefined): ScriptEntry =>
    Object.assign({}, ...script.filter((entry) => entry.subgraph === name)) as ScriptEntry;
  const { latencyMs = [0, 0], failures: share = 0 } = { ...about(undefined), ...about(subgraph) };
  return { latencyMs, failures: share };
}

/** What happens to the `count`-th call of a subgraph: the same in every run with this seed. */
export function fateOf(
  { latencyMs: [min, max], failures: share }: MockBehaviour,
  seed: string,
  subgraph: string,
  count: number,
): { readonly delayMs: number; readonly fails: boolean } {
  const draw = new Draw(`${seed} ${subgraph} call ${count}`);
  return { delayMs: draw.whole(min, max), fails: draw.fraction() < share };
}

function split(text: string): readonly [subgraph: string | undefined, rest: string] {
  const at = text.lastIndexOf('=');
  return at < 1 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
}

function milliseconds(text: string): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s)$/.exec(text.trim()) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * UNITS[unit as keyof typeof UNITS];
}
