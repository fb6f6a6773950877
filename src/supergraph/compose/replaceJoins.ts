import { Kind } from 'graphql';
import type {
  ASTNode,
  ConstDirectiveNode,
  ConstValueNode,
  DefinitionNode,
  DocumentNode,
  NamedTypeNode,
  SchemaDefinitionNode,
  TypeDefinitionNode,
} from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { CONNECT } from '../model/Connector.js';
import { featureIdentity, textArgument } from '../read/links.js';
import { argument } from '../read/specDirectives.js';

/** Features that composition links in the version that it writes. */
const COMPOSED: ReadonlySet<string> = new Set(['specs.apollo.dev/join', CONNECT]);
const PREFIX = 'join__';

/** What values of `join__Graph` are called now; those that are missing have become connectors. */
export type NewGraphs = ReadonlyMap<string, string>;

/**
 * A supergraph with who answers what (all that is called `join__…`) taken from another one over the same types.
 *
 * Errors: SUPERGRAPH_FEATURE_UNSUPPORTED for a field of which the other supergraph does not know who answers it.
 */
export function replaceJoins(written: DocumentNode, composed: DocumentNode, graphs: NewGraphs): DocumentNode {
  const joins = new Joins(graphs);
  const others = new Map(composed.definitions.flatMap((node) => (isType(node) ? [[node.name.value, node]] : [])));
  const schema = composed.definitions.find((node) => node.kind === Kind.SCHEMA_DEFINITION);
  const isLost = (name: string, { directives = [] }: Directed): boolean =>
    !others.has(name) && directives.some(({ name: { value } }) => value === `${PREFIX}type`);
  const lost = new Set(
    written.definitions.flatMap((node) => (isType(node) && isLost(node.name.value, node) ? [node.name.value] : [])),
  );
  const kept = written.definitions
    .filter((node) => !isOfJoin(node) && !(isType(node) && lost.has(node.name.value)))
    .map((node): DefinitionNode => {
      if (node.kind === Kind.SCHEMA_DEFINITION) return joins.ofSchema(node, schema);
      return isType(node) ? withoutTypes(joins.ofType(node, others.get(node.name.value)), lost) : node;
    });
  return { kind: Kind.DOCUMENT, definitions: [...kept, ...composed.definitions.filter(isOfJoin)] };
}

/** Types that no connector reaches are in no subgraph any more, and nobody could answer them. */
function withoutTypes(node: TypeDefinitionNode, lost: ReadonlySet<string>): TypeDefinitionNode {
  const remaining = (list: readonly NamedTypeNode[] | undefined): NamedTypeNode[] =>
    (list ?? []).filter(({ name }) => !lost.has(name.value));
  if (node.kind === Kind.UNION_TYPE_DEFINITION) return { ...node, types: remaining(node.types) };
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
  return { ...node, interfaces: remaining(node.interfaces) };
}

interface Directed {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

interface Named extends Directed {
  readonly name: { readonly value: string };
}

class Joins {
  readonly #graphs: NewGraphs;

  constructor(graphs: NewGraphs) {
    this.#graphs = graphs;
  }

  ofSchema(node: SchemaDefinitionNode, other: SchemaDefinitionNode | undefined): SchemaDefinitionNode {
    const { directives = [] } = this.#at(node, other);
    const links = other?.directives?.filter(isComposedLink) ?? [];
    return { ...node, directives: [...directives.filter((each) => !isComposedLink(each)), ...links] };
  }

  ofType(node: TypeDefinitionNode, other: TypeDefinitionNode | undefined): TypeDefinitionNode {
    const found = other?.kind === node.kind ? other : undefined;
    const whole = this.#at(node, found);
    switch (whole.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        const fields = this.#each(whole.fields, found as typeof whole | undefined, 'fields', (field) => {
          throw unanswered(`${node.name.value}.${field.name.value}`);
        });
        return { ...whole, fields };
      }
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return { ...whole, fields: this.#each(whole.fields, found as typeof whole | undefined, 'fields') };
      case Kind.ENUM_TYPE_DEFINITION:
        return { ...whole, values: this.#each(whole.values, found as typeof whole | undefined, 'values') };
      default:
        return whole;
    }
  }

  /** Parts of a type; where all of the type is of its own, so are its parts. */
  #each<Key extends 'fields' | 'values', Part extends Named>(
    parts: readonly Part[] | undefined,
    other: { readonly [key in Key]?: readonly Named[] | undefined } | undefined,
    key: Key,
    onMissing: (part: Part) => void = () => {},
  ): Part[] {
    const known = new Map(other?.[key]?.map((each) => [each.name.value, each]));
    return (parts ?? []).map((part) => {
      const found = known.get(part.name.value);
      if (found === undefined && other !== undefined) onMissing(part);
      return this.#at(part, found);
    });
  }

  #at<Place extends Directed>(place: Place, other: Directed | undefined): Place {
    const { directives = [] } = place;
    const own = directives.filter((each) => !isJoin(each));
    const kept = directives.filter((each) => isJoin(each) && (other === undefined || this.#isCarriedElsewhere(each)));
    const replaced = other?.directives?.filter(isJoin) ?? [];
    return { ...place, directives: [...kept.flatMap((each) => this.#renamed(each)), ...replaced, ...own] };
  }

  /** Directives that travel for graphs which are no connectors: composition made nothing of them. */
  #isCarriedElsewhere(directive: ConstDirectiveNode): boolean {
    if (directive.name.value !== `${PREFIX}directive`) return false;
    const graphs = argument(directive, 'graphs');
    const values = graphs?.kind === Kind.LIST ? graphs.values : [];
    return values.every((each) => each.kind === Kind.ENUM && this.#graphs.has(each.value));
  }

  /** The same for the graphs that are still there. What nobody has is part of what clients see all the same. */
  #renamed(directive: ConstDirectiveNode): ConstDirectiveNode[] {
    const graph = argument(directive, 'graph');
    if (graph?.kind === Kind.ENUM) {
      const value = this.#graphs.get(graph.value);
      return value === undefined ? [] : [withArgument(directive, 'graph', enumNode(value))];
    }
    const graphs = argument(directive, 'graphs');
    if (graphs?.kind !== Kind.LIST) return [directive];
    const values = graphs.values.flatMap((each) => {
      const value = each.kind === Kind.ENUM ? this.#graphs.get(each.value) : undefined;
      return value === undefined ? [] : [enumNode(value)];
    });
    return values.length === 0 ? [] : [withArgument(directive, 'graphs', { ...graphs, values })];
  }
}

function isJoin({ name }: ConstDirectiveNode): boolean {
  return name.value.startsWith(PREFIX);
}

function isComposedLink(directive: ConstDirectiveNode): boolean {
  return COMPOSED.has(featureIdentity(textArgument(directive, 'url') ?? ''));
}

function isOfJoin(node: DefinitionNode): boolean {
  return (isType(node) || node.kind === Kind.DIRECTIVE_DEFINITION) && node.name.value.startsWith(PREFIX);
}

function isType(node: ASTNode): node is TypeDefinitionNode {
  return node.kind.endsWith('TypeDefinition');
}

function enumNode(value: string): ConstValueNode {
  return { kind: Kind.ENUM, value };
}

function withArgument(directive: ConstDirectiveNode, name: string, value: ConstValueNode): ConstDirectiveNode {
  const set = (each: NonNullable<ConstDirectiveNode['arguments']>[number]) =>
    each.name.value === name ? { ...each, value } : each;
  return { ...directive, arguments: (directive.arguments ?? []).map(set) };
}

function unanswered(coordinate: string): PorticoError {
  return new PorticoError(
    'SUPERGRAPH_FEATURE_UNSUPPORTED',
    `The supergraph has REST connectors that cannot be executed: nobody answers ${coordinate}`,
    { details: { coordinate } },
  );
}
