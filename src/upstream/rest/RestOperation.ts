import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type { ArgumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';

import type { OutputShape } from '../../supergraph/connect/mapping/outputShape.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { Projection } from './Projection.js';
import { ProjectionCompiler } from './ProjectionCompiler.js';
import type { GraphTypes, LookUp } from './ProjectionCompiler.js';

type Values = Readonly<Record<string, unknown>>;

/** One field that the connector is called for. */
export interface FieldCall {
  readonly key: string;
  readonly argumentsOf: (variables: Values) => Values;
  /** Absent for scalars and enums. */
  readonly projection: Projection | undefined;
}

/** One list of objects to look up. */
export interface EntityList {
  readonly key: string;
  /** Untrusted only in so far as keys are data. */
  readonly representationsOf: (variables: Values) => unknown;
  /** What the connector is called for, per object; none where it gives the object itself. */
  readonly calls: readonly FieldCall[];
  /** What is asked of the object: of its look-up, or (where there are calls) of the representation. */
  readonly projection: Projection;
}

/** An operation as the planner sends it to a connector's subgraph, taken apart. */
export interface RestOperation {
  readonly roots: readonly FieldCall[];
  readonly entities: readonly EntityList[];
  /** Response names of `__typename` at the root. */
  readonly typenames: readonly string[];
}

export interface RestOperationTools {
  readonly connector: Connector;
  readonly types: GraphTypes;
  /** What the selection of the connector makes. */
  readonly shape: OutputShape;
  readonly lookUp: LookUp | undefined;
}

/** Takes an operation apart. It was planned for this connector, so that whatever else it asks for is a mistake of ours. */
export function compileRestOperation(text: string, tools: RestOperationTools): RestOperation {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    if (node.kind === Kind.OPERATION_DEFINITION) operation ??= node;
  }
  if (operation === undefined) throw new Error('A call without an operation');
  const { connector, types, shape, lookUp } = tools;
  const compiler = new ProjectionCompiler(types, fragments, lookUp);
  const call = (key: string, nodes: readonly FieldNode[], isLookedUp: boolean): FieldCall => {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return {
      key,
      argumentsOf: compileArguments(nodes[0]!.arguments ?? [], connector, types),
      projection: sets.length === 0 ? undefined : compiler.compile(connector.outputType, sets, shape, isLookedUp),
    };
  };
  const entityList = (key: string, nodes: readonly FieldNode[]): EntityList => {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const argument = nodes[0]!.arguments?.find(({ name }) => name.value === 'representations');
    const representationsOf = (variables: Values): unknown =>
      argument === undefined ? [] : valueFromASTUntyped(argument.value, variables);
    const entity = connector.root === undefined ? connector.typeName : connector.outputType;
    if (connector.root !== undefined || connector.fieldName === undefined) {
      return { key, representationsOf, calls: [], projection: compiler.compile(entity, sets, shape, true) };
    }
    const fields = [...compiler.collect(entity, sets)];
    const calls = fields.flatMap(([response, each]) =>
      each.name === connector.fieldName ? [call(response, each.nodes, false)] : [],
    );
    const whole = compiler.compile(entity, sets, undefined, true);
    const projection = { ...whole, fields: whole.fields.filter(({ property }) => property !== connector.fieldName) };
    return { key, representationsOf, calls, projection };
  };
  const rootName = connector.root === 'mutation' && operation.operation === 'mutation' ? 'Mutation' : 'Query';
  const roots: FieldCall[] = [];
  const entities: EntityList[] = [];
  const typenames: string[] = [];
  for (const [key, { name, nodes }] of compiler.collect(rootName, [operation.selectionSet])) {
    if (name === '_entities') entities.push(entityList(key, nodes));
    else if (name === '__typename') typenames.push(key);
    else roots.push(call(key, nodes, false));
  }
  return { roots, entities, typenames };
}

function compileArguments(
  nodes: readonly ArgumentNode[],
  { argumentDefaults, argumentTypes }: Connector,
  types: GraphTypes,
): FieldCall['argumentsOf'] {
  const defaults = Object.fromEntries(
    Object.entries(argumentDefaults).map(([name, value]) => [name, coerced(value, argumentTypes[name], types)]),
  );
  if (nodes.length === 0) return () => defaults;
  return (variables) => {
    const given: Record<string, unknown> = { ...defaults };
    for (const { name, value } of nodes) {
      const read: unknown = valueFromASTUntyped(value, variables);
      // A variable that is not there leaves the default.
      if (read !== undefined) given[name.value] = coerced(read, argumentTypes[name.value], types);
    }
    return given;
  };
}

/** Defaults may lead round in a circle. */
const MAX_DEPTH = 50;

/** As GraphQL coerces input: IDs are texts, and fields that were left out have their defaults. The rest was checked before. */
function coerced(value: unknown, typeName: string | undefined, types: GraphTypes, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((each) => coerced(each, typeName, types, depth + 1));
  if (typeName === 'ID') return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  const fields = typeName === undefined ? undefined : types.fieldTypes.get(typeName);
  if (fields === undefined || typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  const whole = { ...types.inputDefaults.get(typeName!), ...value };
  return Object.fromEntries(
    Object.entries(whole).map(([name, part]) => [name, coerced(part, fields.get(name), types, depth + 1)]),
  );
}
