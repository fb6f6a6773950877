import { getOperationAST } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import { PorticoError } from '../base/errors/PorticoError.js';
import type { Lifetime } from '../base/kit/Lifetime.js';
import { compilePlan } from '../engine/execute/compilePlan.js';
import type { ExecutablePlan, ExecutionSetting } from '../engine/execute/compilePlan.js';
import type { SchemaNames } from '../engine/operation/canonicalKeys.js';
import { createIntrospection } from '../engine/operation/introspection.js';
import type { Introspect } from '../engine/operation/introspection.js';
import { createIntrospectionLimit } from '../engine/operation/introspectionSize.js';
import type { Given } from '../engine/operation/conditions.js';
import { checkLimits } from '../engine/operation/limits.js';
import { normalise } from '../engine/operation/normalise.js';
import type { Condition, Operation } from '../engine/operation/Operation.js';
import { compileLabels } from '../engine/operation/overrideLabels.js';
import { requestError } from '../engine/operation/requestError.js';
import { compileVariables } from '../engine/operation/variables.js';
import type { Plan } from '../engine/plan/nodes.js';
import { printPlan } from '../engine/plan/printPlan.js';
import { compileProjection } from '../engine/respond/compileProjection.js';
import type { Project } from '../engine/respond/compileProjection.js';

import type { GenerationParts } from './Generation.js';

/** Projectors kept per document: one for each combination of its condition variables that occurs. */
const MAX_PROJECTORS = 16;
/** Executable plans kept per document: one for each set of override labels that occurs. */
const MAX_EXECUTABLES = 16;

/** Everything that depends on a document and the generation alone: worked out once, used by every request that brings the document. */
export class PreparedOperation {
  readonly operation: Operation;
  readonly coerce: ReturnType<typeof compileVariables>;
  readonly rollLabels: () => readonly string[];
  readonly #parts: GenerationParts;
  readonly #setting: ExecutionSetting;
  readonly #introspect: Introspect;
  readonly #projectors = new Map<string, Project>();
  readonly #executables = new Map<string, Promise<ExecutablePlan>>();
  readonly #variants = new Map<string, PreparedOperation>();
  readonly #normalise: (given: Given) => Operation;

  constructor(
    operation: Operation,
    parts: GenerationParts,
    setting: ExecutionSetting,
    introspect: Introspect,
    normaliseWith: (given: Given) => Operation,
  ) {
    this.#normalise = normaliseWith;
    this.operation = operation;
    this.coerce = compileVariables(operation.variables, parts.supergraph.apiSchema);
    this.rollLabels = compileLabels(operation, parts.supergraph, parts.overrideLabels);
    this.#parts = parts;
    this.#setting = setting;
    this.#introspect = introspect;
  }

  /**
   * The operation to execute with these variables: itself, but for a mutation whose root fields stand under conditions. Those are decided
   * before planning, so that each effect is planned exactly once (see Operation.openEffects).
   */
  settle(variables: Readonly<Record<string, unknown>>): PreparedOperation {
    const { openEffects, conditionVariables } = this.operation;
    if (!openEffects) return this;
    const given = new Map(conditionVariables.map((name) => [name, variables[name] === true]));
    const key = [...given.values()].join();
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      const operation = this.#normalise(given);
      variant = new PreparedOperation(operation, this.#parts, this.#setting, this.#introspect, this.#normalise);
      keep(this.#variants, key, variant, MAX_EXECUTABLES);
    }
    return variant;
  }

  /** The compiled plan for a set of override labels. Errors: as Planner. */
  executable(labels: readonly string[], lifetime: Lifetime): Promise<ExecutablePlan> {
    const key = labels.join('\n');
    const known = this.#executables.get(key);
    if (known !== undefined) return known;
    return this.#plan(labels, key, lifetime);
  }

  /** The plan for people to read. Its response names are canonical (see Operation). Errors: as Planner. */
  async planText(labels: readonly string[], lifetime: Lifetime): Promise<string> {
    return printPlan(await this.#ask(labels, lifetime));
  }

  /** The planner has a cache in front. */
  #ask(labels: readonly string[], lifetime: Lifetime): Promise<Plan> {
    const { text } = this.operation;
    // Nothing to fetch: introspection and __typename alone.
    if (text === '') return Promise.resolve({ node: undefined, unplanned: [] });
    return this.#parts.planner.plan({ text, labels }, lifetime);
  }

  async #plan(labels: readonly string[], key: string, lifetime: Lifetime): Promise<ExecutablePlan> {
    const plan = await this.#ask(labels, lifetime);
    // Planner guard `empty`: silence about a field that no subgraph can resolve would be wrong data.
    if (plan.unplanned.length > 0) {
      const details = { fields: plan.unplanned };
      throw new PorticoError('FIELD_NOT_RESOLVABLE', 'No subgraph can resolve a selected field', { details });
    }
    // Whoever waited for the same plan and came first has compiled it.
    const compiled = this.#executables.get(key);
    if (compiled !== undefined) return compiled;
    const executable = compilePlan(plan, this.#setting);
    keep(this.#executables, key, Promise.resolve(executable), MAX_EXECUTABLES);
    return executable;
  }

  projector(variables: Readonly<Record<string, unknown>>): Project {
    let key = '';
    for (const name of this.operation.conditionVariables) key += variables[name] === true ? '1' : '0';
    let project = this.#projectors.get(key);
    if (project === undefined) {
      const includes = (condition: Condition): boolean =>
        condition.every(({ variable, include }) => (variables[variable] === true) === include);
      project = compileProjection(this.operation, this.#parts.supergraph.apiSchema, includes);
      keep(this.#projectors, key, project, MAX_PROJECTORS);
    }
    return project;
  }

  /** The answers of `__schema` and `__type`, by the client's names; undefined when the operation asks neither. */
  introspection(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
    const { introspection } = this.operation;
    return introspection === undefined ? undefined : this.#introspect(introspection, variables);
  }
}

/** Makes prepared operations for one generation. */
export function createPreparer(
  parts: GenerationParts,
  names: SchemaNames,
): (document: DocumentNode, operationName: string | undefined) => PreparedOperation {
  const { supergraph } = parts;
  const setting: ExecutionSetting = {
    clientOf: (subgraph) => {
      const client = parts.clients.get(subgraph);
      if (client === undefined) throw new Error(`There is no client for subgraph ${subgraph}`);
      return client;
    },
    possible: supergraph.possibleTypes,
    isObjectType: (name) => supergraph.objectTypes.has(name),
    batchingOf: parts.batchingOf,
    exposureOf: parts.exposureOf,
    fallbacks: parts.fallbacks,
  };
  const introspect = createIntrospection(supergraph.apiSchema);
  const checkIntrospectionSize = createIntrospectionLimit(supergraph.apiSchema);
  return (document, operationName) => {
    // Before anything walks the expanded operation: its size is not bounded by the document's.
    const refusal = checkLimits(document, parts.limits);
    if (refusal !== undefined) throw refusal;
    const definition = findOperation(document, operationName);
    const normaliseWith = (given: Given): Operation =>
      normalise(document, definition, supergraph.apiSchema, names, given);
    const operation = normaliseWith(new Map());
    const tooLarge = operation.introspection && checkIntrospectionSize(operation.introspection);
    if (tooLarge !== undefined) throw tooLarge;
    return new PreparedOperation(operation, parts, setting, introspect, normaliseWith);
  };
}

function findOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const definition = getOperationAST(document, operationName);
  if (definition) return definition;
  throw requestError(
    'OPERATION_RESOLUTION_FAILURE',
    operationName === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : 'Unknown operation named in the request.',
  );
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  if (map.size >= max) map.delete(map.keys().next().value!);
  map.set(key, value);
}
