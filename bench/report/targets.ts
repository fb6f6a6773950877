import type { BodyName } from '../bodies.js';

/** How many times cheaper than stock Apollo Gateway (CPU ms a request, same run) Portico has to be. */
export interface Target {
  readonly body: BodyName;
  /** Row of the main table. */
  readonly gateway: string;
  readonly atLeast: number;
  readonly aim: number;
}

export const targets: readonly Target[] = [
  { body: 'heavy', gateway: 'portico-nodedupe', atLeast: 8, aim: 12 },
  { body: 'light', gateway: 'portico-nodedupe', atLeast: 9, aim: 11 },
  { body: 'heavy', gateway: 'portico', atLeast: 25, aim: 60 },
  { body: 'unique', gateway: 'portico', atLeast: 8, aim: 12 },
  { body: 'unique-heavy', gateway: 'portico', atLeast: 12, aim: 20 },
];

/** Subgraph calls for the heavy query, at most. */
export const maxHeavyCalls = 8;
/** Light queries per second on the whole machine. */
export const lightPerSecond = { atLeast: 2000, aim: 10_000 };
/** ms that the gateway adds to the p50 of direct calls. */
export const addedP50 = { atMost: 3, aim: 0.3 };
/** Resident memory at 50 connections on the heavy query, bytes. */
export const maxHeavyRss = 450 * 2 ** 20;
/** Growth of the heap in the soak. */
export const maxSoakGrowth = 0.1;
