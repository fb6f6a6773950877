import fc from 'fast-check';
import { parse, validate } from 'graphql';

import { createApolloPlanner } from '../../src/engine/plan/apollo/createApolloPlanner.js';
import type { Answer, Engine } from '../support/engines/Engine.js';
import { createMergedSchemaEngine } from '../support/engines/mergedSchema.js';
import { createPorticoEngine } from '../support/engines/portico.js';
import type { PorticoEngine } from '../support/engines/portico.js';
import { createStockGatewayEngine } from '../support/engines/stockGateway.js';
import type { FederatedGraph } from '../support/graphs/FederatedGraph.js';
import type { Fault, Faults } from '../support/graphs/World.js';
import { World } from '../support/graphs/World.js';
import { accepted } from './accepted.js';
import type { Difference } from './accepted.js';
import { compareAnswers } from './compareAnswers.js';
import { arbitraryOperation } from './generate/arbitraryOperation.js';
import type { OperationSpec, TestOperation } from './generate/OperationSpec.js';
import { printOperation } from './generate/printOperation.js';
import { minimise } from './minimise.js';

export interface DifferentialOptions {
  readonly runs: number;
  readonly seed: number;
  /** Whether stock Apollo Gateway runs beside, for the count. Planning takes it most of the time. */
  readonly stock: boolean;
  /**
   * How long one plan may take, ms: Apollo's planner needs minutes and gigabytes for some operations, and then ends with an error.
   * Infinity plans on this thread, which is quicker.
   */
  readonly planningMs: number;
  /** Default true: every other operation meets data whose fields throw or are null. */
  readonly faults?: boolean;
  /** Default: throws. For surveys. */
  readonly onDifference?: (report: Error) => void;
}

/** What the differential test does not want to hit: random operations spread more aliases and fragments than people do. */
const LIMITS = { maxAliases: 10_000, maxDirectives: 10_000, maxRootFields: 1_000 };

export interface DifferentialResult {
  readonly runs: number;
  /** Operations where stock differs from the truth and Portico does not. */
  readonly stockDiffers: number;
  readonly acceptedDifferences: number;
  /** Operations that Apollo's planner did not finish in time. */
  readonly unplanned: number;
}

/** Random operations against one graph, every other one over data whose fields throw or are null. Throws at the first difference that is not accepted, with its smallest reproduction. */
export async function runDifferential(
  graph: FederatedGraph,
  options: DifferentialOptions,
): Promise<DifferentialResult> {
  const bench = await Bench.create(graph, options);
  try {
    const someFaults = fc.array(fc.tuple(fc.nat(500), fc.constantFrom<Fault>('throw', 'null', 'element')), {
      minLength: 1,
      maxLength: 4,
    });
    const faultList = options.faults === false ? fc.constant([]) : fc.oneof(fc.constant([]), someFaults);
    const samples = fc.sample(fc.tuple(arbitraryOperation(bench.world.merged, graph.values), faultList), {
      numRuns: options.runs,
      seed: options.seed,
    });
    for (const [spec, faults] of samples) await bench.check(spec, faults);
    return bench.result;
  } finally {
    await bench.close();
  }
}

type Outcome = 'right' | 'accepted' | 'unplanned' | { readonly what: string };

class Bench {
  readonly world: World;
  readonly #graph: FederatedGraph;
  readonly #truth: Engine;
  readonly #portico: PorticoEngine;
  readonly #stock: Engine | undefined;
  readonly #onDifference: (report: Error) => void;
  #counts = { runs: 0, stockDiffers: 0, acceptedDifferences: 0, unplanned: 0 };

  private constructor(world: World, stock: Engine | undefined, { onDifference, planningMs }: DifferentialOptions) {
    this.#onDifference = onDifference ?? fail;
    this.world = world;
    this.#graph = world.graph;
    this.#truth = createMergedSchemaEngine(world);
    this.#portico = createPorticoEngine(world, {
      limits: LIMITS,
      ...(planningMs !== Infinity && {
        createPlanner: (supergraphSdl) =>
          createApolloPlanner({ supergraphSdl, workers: 1, timeoutMs: planningMs, heapMb: 512 }),
      }),
    });
    this.#stock = stock;
  }

  static async create(graph: FederatedGraph, options: DifferentialOptions): Promise<Bench> {
    const world = new World(graph);
    const beside = options.stock && graph.stock ? await createStockGatewayEngine(world) : undefined;
    return new Bench(world, beside, options);
  }

  get result(): DifferentialResult {
    return this.#counts;
  }

  async close(): Promise<void> {
    await this.#portico.close();
    await this.#stock?.close();
  }

  async check(spec: OperationSpec, wishes: readonly (readonly [number, Fault])[]): Promise<void> {
    const { merged } = this.world;
    let operation = printOperation(spec, merged, wishes.length > 0 ? 'one name' : 'free');
    if (validate(merged, parse(operation.query)).length > 0) operation = printOperation(spec, merged, 'strict');
    const faults = await this.#faults(operation, wishes);
    this.#counts.runs++;

    const outcome = await this.#outcome(operation, faults);
    if (outcome === 'unplanned') {
      this.#counts.unplanned++;
      return;
    }
    if (outcome !== 'right' && outcome !== 'accepted') {
      this.#onDifference(await this.#report(operation, faults));
      return;
    }
    if (outcome === 'accepted') this.#counts.acceptedDifferences++;
    if (this.#stock !== undefined) {
      const truth = await this.#run(this.#truth, operation, faults);
      const answer = await this.#run(this.#stock, operation, faults);
      if (compareAnswers(truth, answer) !== undefined) this.#counts.stockDiffers++;
    }
  }

  async #run(engine: Engine, { query, variables }: TestOperation, faults: Faults): Promise<Answer> {
    this.world.reset(faults);
    return engine.answer(query, variables);
  }

  /** Faults at fields the operation really reads. */
  async #faults(operation: TestOperation, wishes: readonly (readonly [number, Fault])[]): Promise<Faults> {
    if (wishes.length === 0) return {};
    await this.#run(this.#truth, operation, {});
    const met = this.world.faultableVisits();
    const faults: Record<string, Fault> = {};
    if (met.length > 0) for (const [n, fault] of wishes) faults[met[(n * 7919) % met.length]!] = fault;
    return faults;
  }

  async #outcome(operation: TestOperation, faults: Faults): Promise<Outcome> {
    const truth = await this.#run(this.#truth, operation, faults);
    try {
      const answer = await this.#run(this.#portico, operation, faults);
      if (answer.errors[0]?.code === 'QUERY_PLANNING_TIMEOUT') return 'unplanned';
      const what = compareAnswers(truth, answer);
      if (what === undefined) return 'right';
      return isAccepted(this.#graph, { operation, truth, answer }) ? 'accepted' : { what };
    } catch (error) {
      return { what: `Portico threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
    }
  }

  async #report(found: TestOperation, faults: Faults): Promise<Error> {
    const operation = await minimise(
      found,
      this.world.merged,
      async (candidate) => typeof (await this.#outcome(candidate, faults)) === 'object',
    );
    const outcome = await this.#outcome(operation, faults);
    const what = typeof outcome === 'object' ? outcome.what : 'not reproducible';
    const truth = await this.#run(this.#truth, operation, faults);
    const answer = await this.#run(this.#portico, operation, faults).catch((error: unknown) => String(error));
    return new Error(
      [
        `${this.#graph.name}: ${what}`,
        operation.query,
        `variables: ${JSON.stringify(operation.variables)}`,
        ...(Object.keys(faults).length > 0 ? [`faults: ${JSON.stringify(faults)}`] : []),
        `truth: ${show(truth)}`,
        `answer: ${typeof answer === 'string' ? answer : show(answer)}`,
        this.#portico.explain(),
      ].join('\n'),
    );
  }
}

function fail(report: Error): never {
  throw report;
}

function show({ data, errors }: Answer): string {
  const lines = errors.map(({ path, message, code }) => `\n  ${path?.join('.') ?? '-'}: ${message} (${String(code)})`);
  return `${data}${lines.slice(0, 8).join('')}`;
}

function isAccepted(graph: FederatedGraph, difference: Difference): boolean {
  return accepted.some((one) => one.graph === graph.name && one.covers(difference));
}
