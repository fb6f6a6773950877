import { execute, GraphQLError, parse, validate, type ExecutionResult } from 'graphql';
import { schemas, syntheticId } from './resolvers.js';
import type { SubgraphName } from './schemas.js';

/** Pairs of (subgraph, body) that are kept. A run meets a few hundred; the soak a few thousand. */
const capacity = 50_000;

interface Computed {
  readonly text: string;
  readonly bytes: Buffer;
}

const computed = new Map<string, Computed>();

/** How many answers graphql-js computed so far. When it grows with the load, the subgraphs distort the measurement. */
export const answerCounter = { computed: 0 };

/**
 * The answer of a subgraph to a request body, correct for any text, aliases, grouping and order of representations.
 * Computed by graphql-js once per distinct body and then taken from memory. Never-repeating user ids are first replaced by
 * placeholders of the same length, in order of appearance, and put back into the answer: users with such an id differ in
 * nothing but the id.
 */
export function answer(subgraph: SubgraphName, body: string): Buffer | string | Promise<Buffer | string> {
  const ids: string[] = [];
  const key = body.replace(syntheticId, (id) => {
    let at = ids.indexOf(id);
    if (at < 0) at = ids.push(id) - 1;
    return placeholder(at);
  });
  const mapKey = subgraph + key;
  const entry = computed.get(mapKey);
  if (entry !== undefined) return fill(entry, ids);
  return compute(subgraph, key).then((text) => {
    const made = { text, bytes: Buffer.from(text) };
    if (computed.size >= capacity) computed.clear();
    computed.set(mapKey, made);
    answerCounter.computed++;
    return fill(made, ids);
  });
}

function fill(entry: Computed, ids: readonly string[]): Buffer | string {
  if (ids.length === 0) return entry.bytes;
  if (ids.length === 1) return entry.text.replaceAll(placeholder(0), ids[0] as string);
  return entry.text.replace(syntheticId, (id) => ids[Number(id.slice(1))] ?? id);
}

function placeholder(at: number): string {
  return at === 0 ? 'u00000000' : 'u' + String(at).padStart(8, '0');
}

async function compute(subgraph: SubgraphName, body: string): Promise<string> {
  return JSON.stringify(await run(subgraph, body));
}

async function run(subgraph: SubgraphName, body: string): Promise<ExecutionResult> {
  try {
    const { query, variables, operationName } = JSON.parse(body) as {
      query: string;
      variables?: Record<string, unknown> | null;
      operationName?: string | null;
    };
    const schema = schemas[subgraph];
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    return await execute({ schema, document, variableValues: variables ?? null, operationName: operationName ?? null });
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
}
