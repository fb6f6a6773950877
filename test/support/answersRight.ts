import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createMergedSchemaEngine } from './engines/mergedSchema.js';
import { createPorticoEngine } from './engines/portico.js';
import type { PorticoEngine } from './engines/portico.js';
import type { FederatedGraph } from './graphs/FederatedGraph.js';
import { World } from './graphs/World.js';

/** One operation, and what must come back. */
export interface Case {
  readonly claim: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The data, written out where the reader should see it. The merged schema must say the same. */
  readonly data?: unknown;
  /** Why it still fails. The test then fails when it no longer does. */
  readonly knownDefect?: string;
}

/**
 * Declares one test per case: Portico and graphql-js on the merged schema give the same bytes over the same records, and no errors.
 * A case whose truth is an error belongs elsewhere.
 */
export function answersRight(title: string, graph: FederatedGraph, cases: readonly Case[]): void {
  describe(title, () => {
    let world: World;
    let portico: PorticoEngine;
    beforeAll(() => {
      world = new World(graph);
      portico = createPorticoEngine(world);
    });
    afterAll(() => portico.close());

    const check = async ({ query, variables = {}, data }: Case): Promise<void> => {
      world.reset();
      const truth = await createMergedSchemaEngine(world).answer(query, variables);
      expect(truth.errors).toEqual([]);
      if (data !== undefined) expect(JSON.parse(truth.data ?? 'null')).toEqual(data);
      world.reset();
      const answer = await portico.answer(query, variables);
      expect(answer, portico.explain()).toEqual(truth);
    };
    it.each(cases.filter((one) => one.knownDefect === undefined))('$claim', check);
    it.fails.each(cases.filter((one) => one.knownDefect !== undefined))('not yet: $claim ($knownDefect)', check);
  });
}
