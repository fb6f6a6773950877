import { Kind, parse } from 'graphql';
import type {
  ConstDirectiveNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  SelectionSetNode,
  TypeNode,
} from 'graphql';

import type { Connector } from '../model/Connector.js';
import { joinPrefix, readLinks, textArgument } from './links.js';
import { readPossibleTypes } from './possibleTypes.js';

export type InputFacts = ReadonlyArray<readonly [coordinate: string, inputs: readonly string[]]>;

type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * What else the value of a field is made of: the fields, and their types, that it names in `@requires` and `@fromContext`, and what a
 * connector reads of the object (`$this`), which composition makes the key of the connector's graph.
 *
 * Composition refuses such a field unless it demands of a caller what its inputs demand, but only since 2.12; and configuration can add
 * demands that composition never saw. `@provides` names fields that clients select themselves, other `@key` fields tell nobody anything:
 * neither is here.
 */
export function readInputs(document: DocumentNode, connectors: readonly FieldConnector[] = []): InputFacts {
  return new InputReader(document, connectors).read();
}

type FieldConnector = Pick<Connector, 'typeName' | 'fieldName' | 'root' | 'key'>;

class InputReader {
  readonly #types = new Map<string, FieldsType>();
  readonly #possible: ReadonlyMap<string, readonly string[]>;
  readonly #joinField: string;
  /** Types that set a context, by its name. */
  readonly #contexts = new Map<string, string[]>();
  readonly #connectors: readonly FieldConnector[];

  constructor(document: DocumentNode, connectors: readonly FieldConnector[]) {
    this.#connectors = connectors;
    this.#possible = new Map(readPossibleTypes(document));
    this.#joinField = `${joinPrefix(document)}__field`;
    const context = readLinks(document).find(({ identity }) => identity === 'specs.apollo.dev/context')?.prefix;
    for (const node of document.definitions) {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
        this.#types.set(node.name.value, node);
      if (context === undefined || !('directives' in node) || !('name' in node) || node.name === undefined) continue;
      for (const directive of node.directives ?? []) {
        const name = directive.name.value === context ? textArgument(directive, 'name') : undefined;
        if (name !== undefined) this.#contexts.set(name, [...(this.#contexts.get(name) ?? []), node.name.value]);
      }
    }
  }

  read(): InputFacts {
    const all = new Map<string, Set<string>>();
    for (const [type, node] of this.#types) {
      for (const field of node.fields ?? []) {
        const inputs = this.#inputsOf(type, field);
        if (inputs.size === 0) continue;
        // A field of an interface object is a field of each object type.
        for (const name of [type, ...(this.#possible.get(type) ?? [])]) {
          const coordinate = `${name}.${field.name.value}`;
          all.set(coordinate, new Set([...(all.get(coordinate) ?? []), ...inputs]));
        }
      }
    }
    return [...all].map(([coordinate, inputs]) => [coordinate, [...inputs]]);
  }

  #inputsOf(type: string, field: FieldDefinitionNode): Set<string> {
    const inputs = new Set<string>();
    for (const directive of field.directives ?? []) {
      if (directive.name.value !== this.#joinField) continue;
      const requires = textArgument(directive, 'requires');
      if (requires !== undefined) this.#walk(selectionSet(`{${requires}}`), type, inputs);
      for (const { context, selection } of contextArguments(directive)) {
        for (const owner of this.#contexts.get(context) ?? []) this.#walk(selectionSet(selection), owner, inputs);
      }
    }
    for (const { typeName, fieldName, root, key } of this.#connectors) {
      if (root !== undefined || typeName !== type || fieldName !== field.name.value || key === undefined) continue;
      this.#walk(selectionSet(`{${key}}`), type, inputs);
    }
    return inputs;
  }

  #walk(set: SelectionSetNode, type: string, into: Set<string>): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) continue;
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const narrowed = node.typeCondition?.name.value ?? type;
        into.add(narrowed);
        this.#walk(node.selectionSet, narrowed, into);
        continue;
      }
      const name = node.name.value;
      const results = new Set<string>();
      // Behind an interface may be any of its types, and each has rules of its own: at itself, its field, and its field's type.
      for (const each of [type, ...(this.#possible.get(type) ?? [])]) {
        if (each !== type) into.add(each);
        into.add(`${each}.${name}`);
        const field = this.#types.get(each)?.fields?.find((one) => one.name.value === name);
        if (field !== undefined) results.add(namedType(field.type));
      }
      for (const result of results) {
        into.add(result);
        if (node.selectionSet !== undefined) this.#walk(node.selectionSet, result, into);
      }
    }
  }
}

function selectionSet(text: string): SelectionSetNode {
  const definition = parse(text, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a selection: ${text}`);
  return definition.selectionSet;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** `@join__field(contextArguments: [{context: …, selection: …}])` */
function contextArguments(directive: ConstDirectiveNode): Array<{ context: string; selection: string }> {
  const list = directive.arguments?.find((argument) => argument.name.value === 'contextArguments')?.value;
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item) => {
    if (item.kind !== Kind.OBJECT) return [];
    const text = (name: string): string => {
      const value = item.fields.find((field) => field.name.value === name)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    };
    return [{ context: text('context'), selection: text('selection') }];
  });
}
