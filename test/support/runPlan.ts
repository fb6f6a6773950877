import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { parseJson } from '../../src/base/kit/json.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { compilePlan } from '../../src/engine/execute/compilePlan.js';
import type { EntityBatching } from '../../src/engine/execute/groupPlan.js';
import type { PossibleTypes } from '../../src/engine/execute/representation.js';
import { Run } from '../../src/engine/execute/Run.js';
import type { RunInput } from '../../src/engine/execute/Run.js';
import type { FetchNode, FlattenNode, PathStep, PlanNode, RequiredSelection } from '../../src/engine/plan/nodes.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';

/** One call of a hand-written plan. */
export interface PlanCall {
  readonly subgraph: string;
  readonly text: string;
  /** Parsed as the gateway parses JSON: integers beyond 2^53 are `bigint`. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly variablesJson: string | undefined;
  readonly lifetime: Lifetime;
}

/** What a scripted subgraph answers; a PorticoError it throws is the call's failure. */
export type Answer = (call: PlanCall) => Partial<SubgraphReply> | Promise<Partial<SubgraphReply>>;

export interface PlanSetting {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly possible?: PossibleTypes;
  /** Default: every name. */
  readonly objectTypes?: ReadonlySet<string>;
  readonly batching?: EntityBatching;
  readonly lifetime?: Lifetime;
}

export interface PlanOutcome {
  readonly run: Run;
  readonly calls: PlanCall[];
}

/** Executes a hand-written plan against scripted subgraphs, without planner, projection or sockets. */
export async function runPlan(node: PlanNode, setting: PlanSetting): Promise<PlanOutcome> {
  const calls: PlanCall[] = [];
  const plan = compilePlan(
    { node, unplanned: [] },
    {
      clientOf: (subgraph) => scriptedClient(subgraph, setting.answers[subgraph]!, calls),
      possible: setting.possible ?? new Map(),
      isObjectType: (name) => setting.objectTypes?.has(name) ?? true,
      keysOf: () => [],
      batchingOf: () => setting.batching ?? 'alias',
      exposureOf: () => ({ mask: false, allowExtensions: new Set(['code']) }),
    },
  );
  const lifetime = setting.lifetime ?? new Lifetime(20_000);
  try {
    const variables = Object.assign(Object.create(null), setting.variables) as Record<string, unknown>;
    const run = plan.start(runInput(variables, lifetime));
    await run.done;
    return { run, calls };
  } finally {
    lifetime.close();
  }
}

function runInput(variables: RunInput['variables'], lifetime: Lifetime): RunInput {
  return {
    variables,
    lifetime,
    headersFor: () => [],
    correlationFor: () => [],
    epochOf: () => 0,
    onCall: () => {},
  };
}

/** A run that is over, with this tree. */
export function finishedRun(root: unknown): Run {
  const run = new Run(runInput({}, new Lifetime(Infinity)), 0, 0);
  Object.assign(run.root, root);
  return run;
}

function scriptedClient(name: string, answer: Answer, calls: PlanCall[]): SubgraphClient {
  return {
    name,
    execute: async ({ operation, variablesJson, lifetime }: SubgraphCall) => {
      if (lifetime.ended !== undefined) throw new PorticoError('GATEWAY_TIMEOUT', 'late');
      const variables = variablesJson === undefined ? {} : (parseJson(variablesJson) as Record<string, unknown>);
      const call: PlanCall = { subgraph: name, text: operation.text, variables, variablesJson, lifetime };
      calls.push(call);
      const reply = await answer(call);
      return {
        data: undefined,
        errors: undefined,
        extensions: undefined,
        status: 200,
        headers: {},
        shared: false,
        ...reply,
      };
    },
    close: () => Promise.resolve(),
  };
}

type FetchParts = Partial<FetchNode> & { readonly subgraph: string; readonly operation: string };

/** A root fetch. */
export function rootFetch(parts: FetchParts): FetchNode {
  return {
    kind: 'Fetch',
    operationKind: 'query',
    operationName: undefined,
    variables: [],
    requires: undefined,
    inputRewrites: [],
    outputRewrites: [],
    contextRewrites: [],
    id: undefined,
    ...parts,
  };
}

/**
 * An entity fetch at a path such as `products.@.owner`, whose representations hold `__typename` and the given keys.
 *
 * @param selection what is selected on each entity, e.g. `{ ... on Product { name } }`
 */
export function entityFetch(
  subgraph: string,
  path: string,
  type: string,
  keys: readonly string[],
  selection: string,
  parts: Partial<FetchNode> = {},
): FlattenNode {
  return {
    kind: 'Flatten',
    path: pathSteps(path),
    node: rootFetch({
      subgraph,
      operation: `query($representations:[_Any!]!){_entities(representations:$representations)${selection}}`,
      requires: [requires(type, ...keys)],
      ...parts,
    }),
  };
}

export function requires(type: string, ...keys: readonly string[]): RequiredSelection {
  const fields = ['__typename', ...keys].map((name): RequiredSelection => ({
    kind: 'Field',
    read: name,
    write: name,
    selections: undefined,
  }));
  return { kind: 'Fragment', typeCondition: type, selections: fields };
}

/** `a.@.b` as plan steps; `b|A,B` and `@|A` carry type conditions. */
export function pathSteps(path: string): PathStep[] {
  return path.split('.').map((step) => {
    const [name, types] = step.split('|');
    const conditions = types?.split(',');
    return name === '@' ? { kind: 'list', types: conditions } : { kind: 'field', name: name!, types: conditions };
  });
}

export const inSequence = (...nodes: readonly PlanNode[]): PlanNode => ({ kind: 'Sequence', nodes });
export const inParallel = (...nodes: readonly PlanNode[]): PlanNode => ({ kind: 'Parallel', nodes });

/** Freezes a value and everything in it, so that any write throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
