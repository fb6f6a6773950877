import type { FetchNode, FlattenNode, Plan } from '../plan/nodes.js';

import { compileCallVariables } from './callVariables.js';
import { ContextFetch } from './ContextFetch.js';
import { EntityFetch } from './EntityFetch.js';
import type { ExecutablePlan } from './ExecutablePlan.js';
import type { ExecutionSetting } from './ExecutionSetting.js';
import type { EntitySelection, EntityTarget } from './entityParts.js';
import {
  canJoin,
  entitiesField,
  joinEntities,
  parseFetch,
  selectionText,
  shapeOf,
  subgraphOperation,
} from './entityText.js';
import type { ParsedFetch } from './entityText.js';
import { FallbackCompiler } from './fallback/FallbackCompiler.js';
import { groupPlan } from './groupPlan.js';
import type { GroupedNode } from './GroupedNode.js';
import { Layout } from './layout.js';
import { compileRepresent, readNames } from './representation.js';
import { renameInShape } from './renameInShape.js';
import { RootFetch } from './RootFetch.js';
import { Run } from './Run.js';
import { Shape, uniteMarks } from './Shape.js';
import { condition, parallel, sequence } from './Step.js';
import type { Step } from './Step.js';
import { Turns } from './turns.js';
import type { Turn } from './turns.js';

export function compilePlan(plan: Plan, setting: ExecutionSetting): ExecutablePlan {
  const compiler = new PlanCompiler(setting);
  const step = plan.node === undefined ? undefined : compiler.compile(plan.node);
  const { positions, selections, subgraphs } = compiler;
  return {
    subgraphs: [...subgraphs],
    start: (input) => {
      const run = new Run(input, positions, selections);
      run.done = step?.run(run);
      return run;
    },
  };
}

class PlanCompiler {
  readonly subgraphs = new Set<string>();
  readonly #setting: ExecutionSetting;
  readonly #layout = new Layout();
  readonly #parsed = new Map<FetchNode, ParsedFetch>();
  readonly #shapes = new Map<FetchNode, Shape>();
  readonly #turns = new Turns();
  readonly #turnOf = new Map<FlattenNode, Turn>();
  readonly #paths: Array<FlattenNode['path']> = [];
  readonly #positions = new Map<string, number>();
  readonly #selections = new Map<string, number>();
  /** Selections of a subgraph that several fetches ask for. */
  readonly #repeated = new Set<string>();
  /** Whether arguments come from objects above: then what looks like one entity may differ from place to place. */
  #hasContext = false;
  /** In a mutation nothing that was read before may stand for what is read after. */
  #isMutation = false;

  readonly #fallbacks: FallbackCompiler | undefined;

  constructor(setting: ExecutionSetting) {
    this.#setting = setting;
    this.#fallbacks = setting.fallbacks && new FallbackCompiler(setting.fallbacks, (name) => setting.clientOf(name));
  }

  get positions(): number {
    return this.#positions.size;
  }

  get selections(): number {
    return this.#selections.size;
  }

  compile(node: NonNullable<Plan['node']>): Step {
    const grouped = groupPlan(
      node,
      (subgraph) => this.#setting.batchingOf(subgraph),
      (fetch) => (canJoin(this.#parse(fetch)) ? selectionText(this.#parse(fetch)) : undefined),
    );
    this.#survey(grouped);
    this.#layout.markSpines(this.#paths);
    this.#settleShapes();
    return this.#step(grouped);
  }

  /** First pass: what every fetch brings where. */
  #survey(node: GroupedNode, isCertain = true): void {
    if (node.kind === 'Root') {
      if (node.fetch.operationKind === 'mutation') this.#isMutation = true;
      const shape = shapeOf(this.#parse(node.fetch), isCertain);
      this.#keep(node.fetch, shape);
      this.#layout.addEntities(node.path, shape, this.#turns.take());
      if (node.path.length > 0) this.#paths.push(node.path);
    } else if (node.kind === 'Entities') {
      const turn = this.#turns.take();
      for (const member of node.members) {
        this.#turnOf.set(member, turn);
        const shape = new Shape();
        const parsed = this.#parse(member.node);
        shape.add(entitiesField(parsed).selectionSet!, parsed.fragments, isCertain, true);
        this.#keep(member.node, shape);
        this.#layout.addEntities(member.path, shape, turn);
        this.#paths.push(member.path);
      }
    } else if (node.kind === 'Condition') {
      if (node.then !== undefined) this.#survey(node.then, false);
      if (node.otherwise !== undefined) this.#survey(node.otherwise, false);
    } else if (node.kind === 'Parallel') this.#turns.parallel(node.nodes, (each) => this.#survey(each, isCertain));
    else for (const each of node.nodes) this.#survey(each, isCertain);
  }

  /** Entities of one selection are loaded once, for every place that asks for them. */
  #settleShapes(): void {
    const alike = new Map<string, Shape[]>();
    for (const [fetch, shape] of this.#shapes) {
      if (fetch.requires === undefined) continue;
      const identity = this.#loadedIdentity(fetch);
      alike.set(identity, [...(alike.get(identity) ?? []), shape]);
    }
    for (const [identity, shapes] of alike) {
      if (shapes.length > 1) this.#repeated.add(identity);
      uniteMarks(shapes);
    }
    for (const shape of this.#shapes.values()) shape.settle();
  }

  #keep(fetch: FetchNode, shape: Shape): void {
    for (const rewrite of fetch.outputRewrites) renameInShape(shape, rewrite);
    shape.freeze();
    this.#shapes.set(fetch, shape);
    if (fetch.contextRewrites.length > 0) this.#hasContext = true;
    this.subgraphs.add(fetch.subgraph);
  }

  #step(node: GroupedNode): Step {
    switch (node.kind) {
      case 'Root':
        return this.#rootFetch(node.fetch, node.path);
      case 'Entities':
        return this.#entityFetch(node.members);
      case 'Sequence':
        return sequence(node.nodes.map((each) => this.#step(each)));
      case 'Parallel':
        return parallel(node.nodes.map((each) => this.#step(each)));
      case 'Condition':
        return condition(
          node.condition.variable,
          node.then && this.#step(node.then),
          node.otherwise && this.#step(node.otherwise),
        );
    }
  }

  #rootFetch(fetch: FetchNode, path: FlattenNode['path']): Step {
    const kind = fetch.operationKind === 'mutation' ? 'mutation' : 'query';
    const writeVariables = compileCallVariables(fetch.variables);
    const shape = this.#shapes.get(fetch)!;
    // Effects fall back on nothing.
    const cover =
      kind === 'query'
        ? this.#fallbacks?.root(fetch, path, this.#parse(fetch), shape, writeVariables, this.#isMutation)
        : undefined;
    const step = new RootFetch({
      client: this.#setting.clientOf(fetch.subgraph),
      operation: subgraphOperation(kind, fetch.operationName, fetch.operation),
      shape,
      path,
      writeVariables,
      outputRewrites: fetch.outputRewrites,
      possible: this.#setting.possible,
      exposure: this.#setting.exposureOf(fetch.subgraph),
      lastGood: cover?.lastGood,
      coordinates: this.#fallbacks?.coordinates(this.#parse(fetch)),
    });
    return this.#fallbacks === undefined ? step : this.#fallbacks.around(step, cover === undefined ? [] : [cover]);
  }

  #entityFetch(members: readonly FlattenNode[]): Step {
    const first = members[0]!.node;
    const context = new Set(first.contextRewrites.map(({ key }) => key));
    const variables = new Set(members.flatMap(({ node }) => node.variables).filter((name) => !context.has(name)));
    // Members with equal selections share one `_entities` list.
    const distinct = new Map<string, FlattenNode>();
    for (const member of members) {
      const text = this.#selectionIdentity(member.node);
      if (!distinct.has(text)) distinct.set(text, member);
    }
    const unique = [...distinct.values()];
    const targets = members.map((member) =>
      this.#target(member, [...distinct.keys()].indexOf(this.#selectionIdentity(member.node))),
    );
    const covers = members.map((member, i) =>
      this.#fallbacks?.entity(
        member,
        this.#parse(member.node),
        this.#shapes.get(member.node)!,
        this.#selectionIdentity(member.node),
        targets[i]!.represent,
        // What was read before an effect, or what is shaped by objects above, stands for nothing.
        !this.#isMutation && !this.#hasContext,
      ),
    );
    const joint = joinEntities(
      unique.map(({ node }) => ({ fetch: node, parsed: this.#parse(node) })),
      variables,
    );
    const selections = unique.map((member, i): EntitySelection => ({
      alias: joint.aliases[i]!,
      head: `${JSON.stringify(joint.representations[i]!)}:`,
      shape: this.#shapes.get(member.node)!,
      loadedAt: this.#loadedAt(member.node),
      isolate: this.#hasContext,
      outputRewrites: member.node.outputRewrites,
      alone: subgraphOperation('query', member.node.operationName, member.node.operation),
      aloneVariables: '',
      lastGood: covers.find((cover) => cover?.selection === this.#selectionIdentity(member.node))?.lastGood,
    }));
    const options = {
      client: this.#setting.clientOf(first.subgraph),
      operation: joint.operation,
      selections,
      targets,
      writeVariables: compileCallVariables([...variables]),
      possible: this.#setting.possible,
      exposure: this.#setting.exposureOf(first.subgraph),
      isObjectType: (name: string) => this.#setting.isObjectType(name),
      coordinates: this.#fallbacks && unique.flatMap(({ node }) => this.#fallbacks!.coordinates(this.#parse(node))),
    };
    const step =
      first.contextRewrites.length > 0
        ? new ContextFetch(options, first.contextRewrites, this.#parse(first))
        : new EntityFetch(options);
    return this.#fallbacks === undefined
      ? step
      : this.#fallbacks.around(
          step,
          covers.filter((each) => each !== undefined),
        );
  }

  #target(member: FlattenNode, selection: number): EntityTarget {
    const { node, path } = member;
    const requires = node.requires ?? [];
    return {
      path,
      selection,
      represent: compileRepresent(
        requires,
        node.inputRewrites,
        this.#setting.possible,
        (names) => this.#layout.isConditional(path, names, this.#turnOf.get(member)!),
        (type) => this.#setting.keysOf(node.subgraph, type),
      ),
      internAt: this.#internAt(member),
    };
  }

  /** Objects that hold nothing but what is in their representation are equal when their representations are. */
  #internAt({ path, node }: FlattenNode): number {
    const own = this.#layout.ownKeys(path);
    if (own === undefined || node.inputRewrites.length > 0 || this.#hasContext) return -1;
    const read = readNames(node.requires ?? []);
    for (const key of own) if (!read.has(key)) return -1;
    const place = JSON.stringify(path);
    let at = this.#positions.get(place);
    if (at === undefined) this.#positions.set(place, (at = this.#positions.size));
    return at;
  }

  #loadedAt(fetch: FetchNode): number {
    if (fetch.operationKind !== 'query' || this.#isMutation || this.#hasContext) return -1;
    const identity = this.#loadedIdentity(fetch);
    // What nobody else of the plan asks for is asked once anyway.
    if (!this.#repeated.has(identity)) return -1;
    let at = this.#selections.get(identity);
    if (at === undefined) this.#selections.set(identity, (at = this.#selections.size));
    return at;
  }

  #loadedIdentity(fetch: FetchNode): string {
    return `${fetch.subgraph}\n${this.#selectionIdentity(fetch)}`;
  }

  #selectionIdentity(fetch: FetchNode): string {
    return `${selectionText(this.#parse(fetch))}${JSON.stringify(fetch.outputRewrites)}`;
  }

  #parse(fetch: FetchNode): ParsedFetch {
    let parsed = this.#parsed.get(fetch);
    if (parsed === undefined) this.#parsed.set(fetch, (parsed = parseFetch(fetch)));
    return parsed;
  }
}
