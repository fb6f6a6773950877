import { resolve } from 'node:path';

import { compose } from '../supergraph/compose/compose.js';
import { CompositionError } from '../supergraph/compose/CompositionError.js';
import type { CompositionProblem } from '../supergraph/compose/problems.js';
import type { SubgraphDefinition } from '../supergraph/sources/SubgraphDefinition.js';
import { printHints } from './printHints.js';
import { readSdls } from './readSdls.js';
import { reportError } from './reportError.js';
import { readSubgraphList } from './subgraphList.js';

export interface SubgraphCheckOptions {
  readonly name: string;
  /** A file. */
  readonly schema: string;
  readonly config: string;
  readonly json: boolean;
}

/**
 * Composes a list of subgraphs with another schema for one of them. Gives the exit code.
 *
 * Errors: a Failure, or what reading a schema rejects with.
 */
export async function runSubgraphCheck({ name, schema, config, json }: SubgraphCheckOptions): Promise<number> {
  const listed = readSubgraphList(config);
  const url = listed.find((each) => each.name === name)?.url ?? '';
  const checked: SubgraphDefinition = { name, url, schema: { kind: 'file', path: resolve(schema), shownAs: schema } };
  const others = listed.filter((each) => each.name !== name);
  const subgraphs = await readSdls([...others, checked]);
  let hints: readonly CompositionProblem[];
  try {
    ({ hints } = compose(subgraphs));
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    if (json) process.stdout.write(`${JSON.stringify({ errors: error.problems, hints: [] })}\n`);
    else reportError(error);
    return 1;
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ errors: [], hints })}\n`);
    return 0;
  }
  printHints(hints);
  const isNew = others.length === listed.length;
  const what = isNew ? `${name} (new)` : name;
  process.stdout.write(`${what} composes with ${others.length === 1 ? '1 other' : `${others.length} others`}\n`);
  return 0;
}
