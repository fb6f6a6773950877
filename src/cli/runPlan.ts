import { text as readStream } from 'node:stream/consumers';

import { GraphQLError, Kind, Source, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';

import { Lifetime } from '../base/kit/Lifetime.js';
import { countRequests } from '../engine/execute/countRequests.js';
import type { RequestCount } from '../engine/execute/countRequests.js';
import { readSchemaNames } from '../engine/operation/canonicalKeys.js';
import { normalise } from '../engine/operation/normalise.js';
import { labelsMet } from '../engine/operation/overrideLabels.js';
import { createInlineApolloPlanner } from '../engine/plan/apollo/createInlineApolloPlanner.js';
import type { Plan } from '../engine/plan/nodes.js';
import { printPlan } from '../engine/plan/printPlan.js';
import { Failure } from './Failure.js';
import { readGraphFile } from './readGraphFile.js';
import { readInput } from './readInput.js';
import { printRestCalls, restCalls } from './restCalls.js';

export interface PlanOptions {
  readonly supergraph: string;
  readonly query: string;
  readonly operation?: string | undefined;
  readonly label: readonly string[];
  readonly json: boolean;
}

/** A file that is no query at all has hundreds. */
const MAX_MISTAKES = 20;

/** Plans one operation and prints it. Errors: a Failure, or as readSupergraph and the planner. */
export async function runPlan(options: PlanOptions): Promise<void> {
  const supergraph = readGraphFile(options.supergraph);
  const isPiped = options.query === '-';
  const file = isPiped ? 'standard input' : options.query;
  const text = isPiped ? await readStream(process.stdin) : readInput(file);
  const document = parseAndCheck(text, file, supergraph.apiSchema);
  const definition = chooseOperation(document, file, options.operation);
  const operation = normalise(document, definition, supergraph.apiSchema, readSchemaNames(supergraph.apiSchema));

  const met = labelsMet(operation, supergraph);
  const labels = met.filter((label) => options.label.includes(label));
  for (const label of options.label) {
    if (!met.includes(label)) process.stderr.write(`hint: the operation meets no field with the label "${label}"\n`);
  }
  const planner = createInlineApolloPlanner({ supergraphSdl: supergraph.sdl });
  const nothing: Plan = { node: undefined, unplanned: [] };
  const plan =
    operation.text === '' ? nothing : await planner.plan({ text: operation.text, labels }, new Lifetime(Infinity));
  await planner.close();

  const count = countRequests(plan, () => 'alias');
  const calls = restCalls(plan, supergraph.connectors);
  if (options.json) {
    const requests = { total: totalOf(count), bySubgraph: Object.fromEntries(count.bySubgraph), rounds: count.rounds };
    const operationName = definition.name?.value ?? null;
    const rest = calls.length === 0 ? {} : { rest: calls };
    process.stdout.write(`${JSON.stringify({ operationName, labels, requests, ...rest, plan }, undefined, 2)}\n`);
  } else {
    process.stdout.write(`${printPlan(plan)}\n\n${describe(count)}\n${printRestCalls(calls)}`);
  }
}

function describe(count: RequestCount): string {
  const total = totalOf(count);
  if (total === 0) return 'No subgraph requests.';
  const subgraphs = count.bySubgraph.map(([name, requests]) => `${name} ${requests}`).join(', ');
  const grouped = count.fetches === total ? '' : ` for ${count.fetches} fetches`;
  return `${plural(total, 'subgraph request')}${grouped} (${subgraphs}) in ${plural(count.rounds, 'round trip')}.`;
}

function totalOf({ bySubgraph }: RequestCount): number {
  return bySubgraph.reduce((sum, [, requests]) => sum + requests, 0);
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function parseAndCheck(text: string, file: string, schema: GraphQLSchema): DocumentNode {
  let mistakes: readonly GraphQLError[];
  try {
    const document = parse(new Source(text, file));
    mistakes = validate(schema, document);
    if (mistakes.length === 0) return document;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    mistakes = [error];
  }
  const lines = mistakes.slice(0, MAX_MISTAKES).map(({ message, locations }) => {
    const at = locations?.[0];
    return `${file}${at === undefined ? '' : `:${at.line}:${at.column}`}: ${message}`;
  });
  const more = mistakes.length - lines.length;
  throw new Failure(more === 0 ? lines : [...lines, `${file}: and ${more} more`]);
}

function chooseOperation(document: DocumentNode, file: string, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const names = operations.map((operation) => operation.name?.value ?? '(unnamed)').join(', ');
  if (name === undefined) {
    if (operations.length === 1) return operations[0]!;
    const why =
      operations.length === 0 ? 'has no operation' : `has several operations; say which by --operation (${names})`;
    throw new Failure([`${file}: ${why}`]);
  }
  const found = operations.find((operation) => operation.name?.value === name);
  if (found === undefined) throw new Failure([`${file}: has no operation "${name}" (it has ${names})`]);
  return found;
}
