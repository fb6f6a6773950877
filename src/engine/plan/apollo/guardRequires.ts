import { Kind, parse, print, stripIgnoredCharacters } from 'graphql';
import type {
  ArgumentNode,
  ConstDirectiveNode,
  ConstValueNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  SelectionNode,
  TypeNode,
  UnionTypeDefinitionNode,
} from 'graphql';

import { textArgument } from '../../../supergraph/read/links.js';

/** A field that exists in the planner's copy of the supergraph only: a real field with fixed arguments. */
export interface SyntheticField {
  /** `req0_price`: cannot be a field of the schema, so never a response name of a client either. */
  readonly name: string;
  /** `price`. */
  readonly field: string;
  readonly args: readonly ArgumentNode[];
}

export interface GuardedRequires {
  readonly document: DocumentNode;
  readonly synthetics: ReadonlyMap<string, SyntheticField>;
  /** `@requires` selections that hold a synthetic field, by `Type.field` and graph (as `requiresKey` joins them). */
  readonly requires: ReadonlyMap<string, readonly SelectionNode[]>;
}

export function requiresKey(type: string, field: string, graph: string): string {
  return `${graph} ${type}.${field}`;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * Planner guard `req`: turns each selection with arguments inside a `@requires` or `@fromContext` into a synthetic field without
 * arguments.
 *
 * Apollo's planner knows fields by response name, so of `price(currency: "USD")` for one `@requires` and `price(currency: "EUR")` for
 * another (or for the client) only one survives, silently. Synthetic fields have names of their own; `writeSynthetics.ts` turns them back
 * into `req0_price: price(currency: "USD")` in the finished plan.
 */
export function guardRequires(document: DocumentNode, joinPrefix: string): GuardedRequires {
  return new RequiresGuard(document, joinPrefix).run();
}

class RequiresGuard {
  readonly #document: DocumentNode;
  readonly #joinField: string;
  readonly #types = new Map<string, Composite>();
  readonly #implementations = new Map<string, string[]>();
  readonly #synthetics = new Map<string, SyntheticField>();
  readonly #byIdentity = new Map<string, SyntheticField>();
  readonly #requires = new Map<string, readonly SelectionNode[]>();
  /** Type name → names of the synthetic fields it needs. */
  readonly #needs = new Map<string, Set<string>>();
  readonly #namePrefix: string;
  readonly #graphNames = new Map<string, string>();

  constructor(document: DocumentNode, joinPrefix: string) {
    this.#document = document;
    this.#joinField = `${joinPrefix}__field`;
    const fieldNames = new Set<string>();
    for (const type of document.definitions) {
      if (type.kind === Kind.ENUM_TYPE_DEFINITION && type.name.value === `${joinPrefix}__Graph`) {
        for (const value of type.values ?? []) {
          const graph = value.directives?.find((each) => each.name.value === `${joinPrefix}__graph`);
          this.#graphNames.set(value.name.value, (graph && textArgument(graph, 'name')) ?? value.name.value);
        }
      }
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      this.#types.set(type.name.value, type);
      for (const field of type.fields ?? []) fieldNames.add(field.name.value);
      for (const parent of type.interfaces ?? []) {
        const known = this.#implementations.get(parent.name.value);
        if (known === undefined) this.#implementations.set(parent.name.value, [type.name.value]);
        else known.push(type.name.value);
      }
    }
    this.#namePrefix = freePrefix(fieldNames);
  }

  run(): GuardedRequires {
    const rewritten = new Map<string, Composite>();
    for (const [name, type] of this.#types) {
      rewritten.set(name, { ...type, fields: (type.fields ?? []).map((field) => this.#rewriteField(type, field)) });
    }
    if (this.#synthetics.size === 0) {
      return { document: this.#document, synthetics: this.#synthetics, requires: this.#requires };
    }
    for (const [typeName, names] of this.#needs) {
      const type = rewritten.get(typeName)!;
      const copies = [...names].flatMap((name) => this.#copyField(type, this.#synthetics.get(name)!));
      rewritten.set(typeName, { ...type, fields: [...(type.fields ?? []), ...copies] });
    }
    const definitions = this.#document.definitions.map((each) =>
      'name' in each && each.name !== undefined ? (rewritten.get(each.name.value) ?? each) : each,
    );
    return {
      document: { ...this.#document, definitions },
      synthetics: this.#synthetics,
      requires: this.#requires,
    };
  }

  #rewriteField(type: Composite, field: FieldDefinitionNode): FieldDefinitionNode {
    let changed = false;
    const directives = (field.directives ?? []).map((directive): ConstDirectiveNode => {
      if (directive.name.value !== this.#joinField) return directive;
      const args = (directive.arguments ?? []).map((argument) => {
        const value =
          argument.name.value === 'requires'
            ? this.#rewriteRequires(argument.value, type, field, textArgument(directive, 'graph') ?? '')
            : argument.name.value === 'contextArguments'
              ? this.#rewriteContextArguments(argument.value)
              : argument.value;
        if (value === argument.value) return argument;
        changed = true;
        return { ...argument, value };
      });
      return { ...directive, arguments: args };
    });
    return changed ? { ...field, directives } : field;
  }

  #rewriteRequires(value: ConstValueNode, type: Composite, field: FieldDefinitionNode, graph: string): ConstValueNode {
    if (value.kind !== Kind.STRING || !value.value.includes('(')) return value;
    const before = parseFieldSet(value.value);
    const after = before.map((selection) => this.#rewriteSelection(selection, type.name.value));
    if (after.every((selection, at) => selection === before[at])) return value;
    const graphName = this.#graphNames.get(graph) ?? graph;
    this.#requires.set(requiresKey(type.name.value, field.name.value, graphName), after);
    return { ...value, value: after.map((selection) => stripIgnoredCharacters(print(selection))).join(' ') };
  }

  /** `[{ name, type, context: "graph__name", selection: "{ … }" }]`: selected from the types that set the context. */
  #rewriteContextArguments(value: ConstValueNode): ConstValueNode {
    if (value.kind !== Kind.LIST) return value;
    let changed = false;
    const values = value.values.map((item): ConstValueNode => {
      if (item.kind !== Kind.OBJECT) return item;
      const context = item.fields.find((field) => field.name.value === 'context')?.value;
      if (context?.kind !== Kind.STRING) return item;
      const fields = item.fields.map((field) => {
        if (field.name.value !== 'selection' || field.value.kind !== Kind.STRING || !field.value.value.includes('(')) {
          return field;
        }
        const text = this.#rewriteContextSelection(field.value.value, context.value);
        if (text === field.value.value) return field;
        changed = true;
        return { ...field, value: { ...field.value, value: text } };
      });
      return { ...item, fields };
    });
    return changed ? { ...value, values } : value;
  }

  #rewriteContextSelection(text: string, context: string): string {
    const before = parseFieldSet(text);
    let after = before;
    for (const type of this.#document.definitions) {
      if (!isCompositeDefinition(type)) continue;
      const sets = type.directives?.some((each) => textArgument(each, 'name') === context);
      // The same arguments give the same synthetic name on every type, so the last rewriting is as good as any.
      if (sets === true) after = before.map((selection) => this.#rewriteSelection(selection, type.name.value));
    }
    if (after.every((selection, at) => selection === before[at])) return text;
    return `{${after.map((selection) => stripIgnoredCharacters(print(selection))).join(' ')}}`;
  }

  #rewriteSelection(selection: SelectionNode, parent: string): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? (selection.typeCondition?.name.value ?? parent)
        : namedType(this.#types.get(parent)?.fields?.find((each) => each.name.value === selection.name.value)?.type);
    let result: SelectionNode = selection;
    if (selection.selectionSet !== undefined && inner !== undefined) {
      const before = selection.selectionSet.selections;
      const after = before.map((child) => this.#rewriteSelection(child, inner));
      if (!after.every((child, at) => child === before[at])) {
        result = { ...selection, selectionSet: { ...selection.selectionSet, selections: after } };
      }
    }
    if (result.kind !== Kind.FIELD || result.arguments === undefined || result.arguments.length === 0) return result;
    const synthetic = this.#synthetic(result.name.value, result.arguments);
    this.#need(parent, synthetic.name);
    return { ...result, name: { kind: Kind.NAME, value: synthetic.name }, arguments: [] };
  }

  #synthetic(field: string, args: readonly ArgumentNode[]): SyntheticField {
    const identity = `${field}(${args
      .map((argument) => print(argument))
      .sort()
      .join(',')})`;
    let synthetic = this.#byIdentity.get(identity);
    if (synthetic === undefined) {
      synthetic = { name: `${this.#namePrefix}${this.#byIdentity.size}_${field}`, field, args };
      this.#byIdentity.set(identity, synthetic);
      this.#synthetics.set(synthetic.name, synthetic);
    }
    return synthetic;
  }

  /** Notes that `type`, and every type that implements it, needs the field. */
  #need(type: string, synthetic: string): void {
    const known = this.#needs.get(type) ?? new Set<string>();
    if (known.has(synthetic) || !this.#types.has(type)) return;
    this.#needs.set(type, known.add(synthetic));
    for (const implementation of this.#implementations.get(type) ?? []) this.#need(implementation, synthetic);
  }

  #copyField(type: Composite, synthetic: SyntheticField): FieldDefinitionNode[] {
    const field = type.fields?.find((each) => each.name.value === synthetic.field);
    if (field === undefined) return [];
    const name = { kind: Kind.NAME, value: synthetic.name } as const;
    // The real field's @requires are the copy's as well.
    for (const directive of field.directives ?? []) {
      const graph = textArgument(directive, 'graph') ?? '';
      const graphName = this.#graphNames.get(graph) ?? graph;
      const selections = this.#requires.get(requiresKey(type.name.value, synthetic.field, graphName));
      if (selections) this.#requires.set(requiresKey(type.name.value, synthetic.name, graphName), selections);
    }
    return [{ ...field, name, arguments: [] }];
  }
}

/** `req`, or the first of `req_`, `req__`, … that starts no field name of the schema. */
function freePrefix(fieldNames: ReadonlySet<string>): string {
  let prefix = 'req';
  while ([...fieldNames].some((name) => name.startsWith(prefix) && /^\d+_/.test(name.slice(prefix.length))))
    prefix += '_';
  return prefix;
}

function isCompositeDefinition(node: DefinitionNode): node is Composite | UnionTypeDefinitionNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.UNION_TYPE_DEFINITION
  );
}

function parseFieldSet(text: string): readonly SelectionNode[] {
  const source = text.trimStart().startsWith('{') ? text : `{${text}}`;
  const definition = parse(source, { noLocation: true }).definitions[0];
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
}

function namedType(type: TypeNode | undefined): string | undefined {
  while (type !== undefined && type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type?.name.value;
}
