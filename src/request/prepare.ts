import { getOperationAST } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import { PorticoError } from '../base/errors/PorticoError.js';
import { notices } from '../base/telemetry/channels.js';
import type { Lifetime } from '../base/kit/Lifetime.js';
import { createKeysOf } from '../engine/execute/createKeysOf.js';
import { compilePlan } from '../engine/execute/compilePlan.js';
import type { ExecutablePlan } from '../engine/execute/ExecutablePlan.js';
import type { ExecutionSetting } from '../engine/execute/ExecutionSetting.js';
import type { SchemaNames } from '../engine/operation/canonicalKeys.js';
import { createIntrospection } from '../engine/operation/introspection.js';
import type { Introspect } from '../engine/operation/introspection.js';
import { createIntrospectionLimit } from '../engine/operation/introspectionSize.js';
import type { Given } from '../engine/operation/conditions.js';
import { checkLimits } from '../engine/operation/limits.js';
import { findInfiniteNumber } from '../engine/operation/literals.js';
import { normalise } from '../engine/operation/normalise.js';
import type { Condition, Operation, Refuses } from '../engine/operation/Operation.js';
import { compileLabels } from '../engine/operation/overrideLabels.js';
import { requestError } from '../engine/operation/requestError.js';
import { compileVariables } from '../engine/operation/variables.js';
import type { Plan } from '../engine/plan/nodes.js';
import { printPlan } from '../engine/plan/printPlan.js';
import { compileProjection } from '../engine/respond/compileProjection.js';
import type { Project } from '../engine/respond/compileProjection.js';

import { gateKey } from './authorization/compileGates.js';
import type { GateKeeper, Verdict } from './authorization/GateKeeper.js';
import { refusedHere, refusedPlaces } from './authorization/refusedPlaces.js';
import type { Refused, RefusedPlace } from './authorization/refusedPlaces.js';
import type { Admission } from './Admission.js';
import type { GenerationParts } from './Generation.js';
import { OperationCosts } from './OperationCosts.js';
import type { Charge } from './ratelimit/Charger.js';

/** Projectors kept per document: one for each combination of its condition variables that occurs. */
const MAX_PROJECTORS = 16;
/** Executable plans kept per document: one for each set of override labels that occurs. */
const MAX_EXECUTABLES = 16;
/** Operations kept per document that are made of it by cutting: one for each set of closed gates that occurs. */
const MAX_VARIANTS = 16;

/** What all operations of one document have in common. */
interface DocumentParts {
  readonly generation: GenerationParts;
  readonly setting: ExecutionSetting;
  readonly introspect: Introspect;
  readonly normalise: (given: Given, refuses?: Refuses) => Operation;
}

/** Everything that depends on a document and the generation alone: worked out once, used by every request that brings the document. */
export class PreparedOperation {
  readonly operation: Operation;
  readonly coerce: ReturnType<typeof compileVariables>;
  readonly rollLabels: () => readonly string[];
  /** Decides what of it the caller may have; absent when it demands nothing. */
  readonly gateKeeper: GateKeeper | undefined;
  /** What it costs; absent where that is no question. */
  readonly costs: OperationCosts | undefined;
  /** Charges a request for it; absent where no limit stands before it. */
  readonly charge: Charge | undefined;
  /** For who may have all of it. */
  readonly unrestricted: Admission<PreparedOperation>;
  readonly #parts: DocumentParts;
  /** Values of condition variables that are decided in it. */
  readonly #given: Given;
  /** What was cut out of it. */
  readonly #refuses: Refuses | undefined;
  readonly #projectors = new Map<string, Project>();
  readonly #executables = new Map<string, ExecutablePlan>();
  readonly #variants = new Map<string, PreparedOperation>();
  readonly #refused = new Map<string, Refused>();
  #places: readonly RefusedPlace[] | undefined;

  constructor(operation: Operation, parts: DocumentParts, given: Given = new Map(), refuses?: Refuses) {
    const { supergraph, overrideLabels, authorizer, charger, demand } = parts.generation;
    this.operation = operation;
    this.coerce = compileVariables(operation.variables, supergraph.apiSchema);
    this.rollLabels = compileLabels(operation, supergraph, overrideLabels);
    const isCut = refuses !== undefined;
    this.gateKeeper = isCut || operation.openEffects ? undefined : authorizer?.gateKeeperOf(operation);
    this.costs = demand && new OperationCosts(operation, demand);
    this.charge = operation.openEffects ? undefined : charger?.chargeFor(operation);
    this.#parts = parts;
    this.#given = given;
    this.#refuses = refuses;
    this.unrestricted = {
      operation: this,
      rejection: undefined,
      errors: [],
      droppedErrors: 0,
      extensions: undefined,
      introspect: undefined,
      key: '',
      isPersonal: false,
    };
  }

  /**
   * The operation to execute with these variables: itself, but for a mutation whose root fields stand under conditions. Those are decided
   * before planning, so that each effect is planned exactly once (see Operation.openEffects).
   */
  settle(variables: Readonly<Record<string, unknown>>): PreparedOperation {
    const { openEffects, conditionVariables } = this.operation;
    if (!openEffects) return this;
    const given = new Map(conditionVariables.map((name) => [name, variables[name] === true]));
    return this.#variant([...given.values()].join(), MAX_EXECUTABLES, () => {
      return new PreparedOperation(this.#parts.normalise(given), this.#parts, given);
    });
  }

  /** The operation without what is behind closed gates: nothing of it is planned or asked. */
  without({ key, isClosed }: Verdict): PreparedOperation {
    const gateOf = this.gateKeeper?.gates.gateOf;
    return this.#variant(`closed ${key}`, MAX_VARIANTS, () => {
      const refuses: Refuses = (parentType, name) => {
        const gate = gateOf?.get(gateKey(parentType, name));
        return gate !== undefined && isClosed(gate);
      };
      return new PreparedOperation(this.#parts.normalise(this.#given, refuses), this.#parts, this.#given, refuses);
    });
  }

  /** The operation without the selections of these `gateKey`s: nothing of them is planned or asked. */
  withoutFields(keys: ReadonlySet<string>): PreparedOperation {
    return this.#variant(`without ${[...keys].sort().join()}`, MAX_VARIANTS, () => {
      const refuses: Refuses = (parentType, name) =>
        keys.has(gateKey(parentType, name)) || this.#refuses?.(parentType, name) === true;
      return new PreparedOperation(this.#parts.normalise(this.#given, refuses), this.#parts, this.#given, refuses);
    });
  }

  #variant(key: string, max: number, make: () => PreparedOperation): PreparedOperation {
    let variant = this.#variants.get(key);
    if (variant === undefined) keep(this.#variants, key, (variant = make()), max);
    return variant;
  }

  /** What was cut out of it and would have been reached with these variables. */
  refused(variables: Readonly<Record<string, unknown>>): Refused {
    const key = this.#conditionKey(variables);
    let refused = this.#refused.get(key);
    if (refused === undefined) {
      this.#places ??= refusedPlaces(this.operation);
      refused = refusedHere(this.#places, includesWith(variables));
      keep(this.#refused, key, refused, MAX_PROJECTORS);
    }
    return refused;
  }

  /** The compiled plan for a set of override labels; a promise where it must be planned first. Errors: as Planner. */
  executable(labels: readonly string[], lifetime: Lifetime): ExecutablePlan | Promise<ExecutablePlan> {
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
    return this.#parts.generation.planner.plan({ text, labels }, lifetime);
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
    const executable = compilePlan(plan, this.#parts.setting);
    keep(this.#executables, key, executable, MAX_EXECUTABLES);
    return executable;
  }

  projector(variables: Readonly<Record<string, unknown>>): Project {
    const key = this.#conditionKey(variables);
    let project = this.#projectors.get(key);
    if (project === undefined) {
      const { apiSchema } = this.#parts.generation.supergraph;
      project = compileProjection(this.operation, apiSchema, includesWith(variables));
      keep(this.#projectors, key, project, MAX_PROJECTORS);
    }
    return project;
  }

  #conditionKey(variables: Readonly<Record<string, unknown>>): string {
    let key = '';
    for (const name of this.operation.conditionVariables) key += variables[name] === true ? '1' : '0';
    return key;
  }

  /**
   * The answers of `__schema` and `__type`, by the client's names; undefined when the operation asks neither.
   *
   * @param introspect answers them for who sees a part of the schema only
   */
  introspection(
    variables: Readonly<Record<string, unknown>>,
    introspect: Introspect = this.#parts.introspect,
  ): Readonly<Record<string, unknown>> | undefined {
    const { introspection } = this.operation;
    return introspection === undefined ? undefined : introspect(introspection, variables);
  }
}

function includesWith(variables: Readonly<Record<string, unknown>>): (condition: Condition) => boolean {
  return (condition) => condition.every(({ variable, include }) => (variables[variable] === true) === include);
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
    keysOf: createKeysOf(supergraph.owners),
    batchingOf: parts.batchingOf,
    exposureOf: parts.exposureOf,
    fallbacks: parts.fallbacks,
  };
  const introspect = createIntrospection(supergraph.apiSchema);
  const checkIntrospectionSize = createIntrospectionLimit(supergraph.apiSchema);
  return (document, operationName) => {
    // Before anything walks the expanded operation: its size is not bounded by the document's.
    const refusal = checkLimits(document, parts.limits, ({ message }) => notices.publish({ level: 'warn', message }));
    if (refusal !== undefined) throw refusal;
    const infinite = findInfiniteNumber(document);
    if (infinite !== undefined)
      throw requestError('GRAPHQL_VALIDATION_FAILED', 'A number of the document is too large.', infinite);
    const definition = findOperation(document, operationName);
    const documentParts: DocumentParts = {
      generation: parts,
      setting,
      introspect,
      normalise: (given, refuses) => normalise(document, definition, supergraph.apiSchema, names, given, refuses),
    };
    const operation = documentParts.normalise(new Map());
    const tooLarge = operation.introspection && checkIntrospectionSize(operation.introspection);
    if (tooLarge !== undefined) throw tooLarge;
    return new PreparedOperation(operation, documentParts);
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
