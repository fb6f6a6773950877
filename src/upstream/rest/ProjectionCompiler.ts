import { Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

import type { OutputShape } from '../../supergraph/connect/mapping/outputShape.js';
import type { ProjectedField, Projection } from './Projection.js';

/** What a connector knows of the graph's types. */
export interface GraphTypes {
  /** Types of fields by type, without lists and non-null. */
  readonly fieldTypes: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Defaults of input objects' fields, by type. */
  readonly inputDefaults: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** What interfaces and unions stand for. */
  readonly possibleTypes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where objects can be looked up: of which type, and which fields that gives. */
export interface LookUp {
  readonly typeName: string;
  readonly gives: (fieldName: string) => boolean;
  /** What the value of a field has after a look-up. */
  readonly shapeOf: (fieldName: string) => OutputShape | undefined;
}

/** Fields that share a response name, with all their selections. */
export interface CollectedField {
  readonly name: string;
  readonly nodes: readonly FieldNode[];
}

/** Compiles the selections of one operation. */
export class ProjectionCompiler {
  readonly #types: GraphTypes;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #lookUp: LookUp | undefined;

  constructor(types: GraphTypes, fragments: ReadonlyMap<string, FragmentDefinitionNode>, lookUp: LookUp | undefined) {
    this.#types = types;
    this.#fragments = fragments;
    this.#lookUp = lookUp;
  }

  /**
   * @param shape what the value has; undefined: whatever is asked for
   * @param isLookedUp whether the value comes from a look-up, so that another one would bring nothing more
   */
  compile(
    typeName: string,
    sets: readonly SelectionSetNode[],
    shape: OutputShape | undefined,
    isLookedUp = false,
  ): Projection {
    const possible = this.#types.possibleTypes.get(typeName);
    if (possible !== undefined) {
      const fields = [...this.collect(typeName, sets)].flatMap(([key, { name }]): ProjectedField[] =>
        name === '__typename' ? [{ key, property: undefined, inner: undefined }] : [],
      );
      const byType = new Map([...possible].map((each) => [each, this.compile(each, sets, shape, isLookedUp)]));
      return { typeName: undefined, fields, byType, lookUp: undefined };
    }
    const fields: ProjectedField[] = [];
    const missing: ProjectedField[] = [];
    for (const [key, { name, nodes }] of this.collect(typeName, sets)) {
      const isMissing =
        !isLookedUp &&
        shape?.kind === 'object' &&
        name !== '__typename' &&
        !shape.fields.has(name) &&
        this.#lookUp?.typeName === typeName &&
        this.#lookUp.gives(name);
      if (isMissing) missing.push(this.#field(typeName, key, name, nodes, this.#lookUp!.shapeOf(name)));
      else fields.push(this.#field(typeName, key, name, nodes, fieldShape(shape, name)));
    }
    const lookUp =
      missing.length === 0 ? undefined : { typeName, fields: missing, byType: undefined, lookUp: undefined };
    return { typeName, fields, byType: undefined, lookUp };
  }

  #field(
    typeName: string,
    key: string,
    name: string,
    nodes: readonly FieldNode[],
    shape: OutputShape | undefined,
  ): ProjectedField {
    if (name === '__typename') return { key, property: undefined, inner: undefined };
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const type = this.#types.fieldTypes.get(typeName)?.get(name);
    const inner = sets.length === 0 || type === undefined ? undefined : this.compile(type, sets, shape);
    return { key, property: name, inner };
  }

  /** The fields that selections ask of an object type (of an abstract type: those outside of fragments), by response name. */
  collect(typeName: string, sets: readonly SelectionSetNode[]): ReadonlyMap<string, CollectedField> {
    const fields = new Map<string, { name: string; nodes: FieldNode[] }>();
    const visit = ({ selections }: SelectionSetNode): void => {
      for (const node of selections) {
        if (node.kind === Kind.FIELD) {
          const key = node.alias?.value ?? node.name.value;
          const before = fields.get(key);
          if (before === undefined) fields.set(key, { name: node.name.value, nodes: [node] });
          else before.nodes.push(node);
          continue;
        }
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
        const condition = fragment?.typeCondition?.name.value;
        if (fragment !== undefined && (condition === undefined || this.#applies(condition, typeName))) {
          visit(fragment.selectionSet);
        }
      }
    };
    sets.forEach(visit);
    return fields;
  }

  #applies(condition: string, typeName: string): boolean {
    return condition === typeName || this.#types.possibleTypes.get(condition)?.has(typeName) === true;
  }
}

function fieldShape(shape: OutputShape | undefined, name: string): OutputShape | undefined {
  return shape?.kind === 'object' ? shape.fields.get(name)?.shape : undefined;
}
