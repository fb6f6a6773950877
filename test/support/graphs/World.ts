import { buildSubgraphSchema } from '@apollo/subgraph';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { GraphQLError, Kind, isInterfaceType, isObjectType, parse } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema, SelectionSetNode } from 'graphql';

import { composeSdl, withFederationLink } from '../compose.js';
import type { DataRecord, FederatedGraph, Fields, GraphData, OverrideInput } from './FederatedGraph.js';

/** What goes wrong with one field of one record: it throws, it is null, or one element of its list throws. */
export type Fault = 'throw' | 'null' | 'element';
/** Faults by `$id.field` (`Product:p1.name`, `Query.products`). */
export type Faults = Readonly<Record<string, Fault>>;

/** An entity as a subgraph holds it: the record, and what the gateway sent. */
interface EntityView {
  readonly __typename: string;
  readonly $record: DataRecord;
  readonly $rep: Fields;
}

type Override = (input: OverrideInput) => unknown;

/**
 * The truth behind one graph: subgraph schemas for gateways, and the merged schema that decides what is right.
 * Both read the same records through the same reader and meet the same faults.
 */
export class World {
  readonly graph: FederatedGraph;
  readonly supergraphSdl: string;
  /** The API schema with resolvers over the records. */
  readonly merged: GraphQLSchema;
  readonly subgraphs: ReadonlyMap<string, GraphQLSchema>;
  #data: GraphData;
  #faults: Faults = {};
  /** `$id.field` of every field that was read since the last reset. */
  readonly #visits = new Set<string>();
  readonly #spared: ReadonlySet<string>;

  constructor(graph: FederatedGraph) {
    this.graph = graph;
    this.#data = graph.data();
    this.#spared = inputFields(Object.values(graph.subgraphs));
    this.supergraphSdl = composeSdl(graph.subgraphs);
    this.merged = Supergraph.build(this.supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
      .apiSchema()
      .toGraphQLJSSchema();
    this.#attach(this.merged, undefined);
    this.subgraphs = new Map(Object.entries(graph.subgraphs).map(([name, sdl]) => [name, this.#subgraph(name, sdl)]));
  }

  /** Fresh data; what an earlier mutation did is gone. */
  reset(faults: Faults = {}): void {
    this.#data = this.graph.data();
    this.#faults = faults;
    this.#visits.clear();
  }

  /**
   * Where a fault has the same meaning for a gateway and for the merged schema: everywhere but in fields that keys, `@requires`,
   * `@provides` and contexts name. The gateway reads those for itself, also where the client does not.
   */
  faultableVisits(): readonly string[] {
    return [...this.#visits].filter((visit) => !this.#spared.has(visit.slice(visit.lastIndexOf('.') + 1)));
  }

  get data(): GraphData {
    return this.#data;
  }

  #subgraph(name: string, sdl: string): GraphQLSchema {
    const typeDefs = parse(withFederationLink(sdl));
    const resolvers: Record<string, Record<string, unknown>> = {};
    for (const node of typeDefs.definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      const keys: SelectionSetNode[] = [];
      let isEntity = false;
      for (const directive of node.directives ?? []) {
        if (directive.name.value !== 'key') continue;
        isEntity = true;
        const value = (argument: string) => directive.arguments?.find((one) => one.name.value === argument)?.value;
        const resolvable = value('resolvable');
        const fields = value('fields');
        if (resolvable?.kind === Kind.BOOLEAN && !resolvable.value) continue;
        if (fields?.kind === Kind.STRING) keys.push(selectionSet(fields.value));
      }
      const typeName = node.name.value;
      if (isEntity) resolvers[typeName] = { __resolveReference: (rep: Fields) => this.#entity(typeName, keys, rep) };
    }
    const schema = buildSubgraphSchema({ typeDefs, resolvers } as Parameters<typeof buildSubgraphSchema>[0]);
    this.#attach(schema, name);
    return schema;
  }

  /** The record that the representation names, by every key it holds whole. */
  #entity(typeName: string, keys: readonly SelectionSetNode[], rep: Fields): EntityView | null {
    const whole = keys.filter((key) => holds(key, rep));
    if (whole.length === 0)
      throw new GraphQLError(`${typeName} asked without a resolvable key: ${JSON.stringify(rep)}`);
    const candidates = this.#data.records.filter(
      (record) => this.#isA(record, typeName) && whole.every((key) => agrees(key, record, rep)),
    );
    if (candidates.length > 1) throw new GraphQLError(`${typeName} key is ambiguous: ${JSON.stringify(rep)}`);
    const [record] = candidates;
    return record === undefined ? null : { __typename: record.__typename, $record: record, $rep: rep };
  }

  #isA(record: DataRecord, typeName: string): boolean {
    if (record.__typename === typeName) return true;
    const type = this.merged.getType(typeName);
    const own = this.merged.getType(record.__typename);
    return isInterfaceType(type) && isObjectType(own) && this.merged.isSubType(type, own);
  }

  #attach(schema: GraphQLSchema, subgraph: string | undefined): void {
    const roots = new Map([
      [schema.getQueryType(), 'Query'],
      [schema.getMutationType(), 'Mutation'],
    ]);
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('_')) continue;
      const root = roots.get(type);
      for (const field of Object.values(type.getFields())) {
        if (field.name.startsWith('_')) continue;
        const override = this.graph.overrides?.[`${subgraph}.${type.name}.${field.name}`];
        field.resolve = this.#reader(root, subgraph === undefined ? undefined : override);
      }
    }
  }

  #reader(root: string | undefined, override: Override | undefined): GraphQLFieldResolver<unknown, unknown> {
    return (source, args: Fields, _context, info) => {
      const view = source as Partial<EntityView> | undefined;
      const record =
        root === undefined
          ? (view?.$record ?? (source as DataRecord))
          : ({ $id: root, __typename: root, ...this.#data[root as 'Query'] } as DataRecord);
      const visit = `${record.$id}.${info.fieldName}`;
      this.#visits.add(visit);
      const fault = this.#faults[visit];
      if (fault === 'throw') throw new GraphQLError(`fault at ${visit}`);
      if (fault === 'null') return null;
      const input: OverrideInput = {
        args,
        record,
        get rep() {
          if (view?.$rep === undefined) throw new GraphQLError(`${visit} asked without a representation`);
          return view.$rep;
        },
      };
      const value = override ? override(input) : read(record, info.fieldName, args);
      if (fault !== 'element' || !Array.isArray(value) || value.length === 0) return value;
      return value.with(value.length >> 1, new GraphQLError(`fault in ${visit}`));
    };
  }
}

function read(record: Fields, field: string, args: Fields): unknown {
  const value = record[field];
  return typeof value === 'function' ? (value as (args: Fields) => unknown)(args) : value;
}

function selectionSet(text: string): SelectionSetNode {
  const [definition] = parse(`{${text}}`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a selection set: ${text}`);
  return definition.selectionSet;
}

function holds(key: SelectionSetNode, rep: unknown): boolean {
  if (typeof rep !== 'object' || rep === null) return false;
  return key.selections.every((node) => {
    if (node.kind !== Kind.FIELD) return false;
    const value = (rep as Fields)[node.name.value];
    return node.selectionSet ? holds(node.selectionSet, value) : value !== undefined && value !== null;
  });
}

function agrees(key: SelectionSetNode, record: unknown, rep: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  return key.selections.every((node) => {
    if (node.kind !== Kind.FIELD) return false;
    const held = read(record as Fields, node.name.value, {});
    const sent = (rep as Fields)[node.name.value];
    return node.selectionSet ? agrees(node.selectionSet, held, sent) : held === sent;
  });
}

/** Names of all fields in the selections of `@key`, `@requires`, `@provides` and `@fromContext`. */
function inputFields(sdls: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const sdl of sdls)
    for (const [, selection] of sdl.matchAll(/@(?:key|requires|provides|fromContext)\(fields?: "((?:[^"\\]|\\.)*)"/g))
      for (const [name] of selection!.matchAll(/\w+/g)) names.add(name);
  return names;
}
