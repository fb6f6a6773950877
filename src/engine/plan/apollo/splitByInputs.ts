import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionNode } from 'graphql';

import type { FetchNode, RequiredSelection } from '../nodes.js';
import { requiresKey } from './guardRequires.js';
import type { GuardedRequires } from './guardRequires.js';

/** Place in a representation (real names joined with `.`) → the synthetic field to read there. */
type Inputs = ReadonlyMap<string, string>;

/**
 * Splits an entity fetch in which two fields require the same field with different arguments: a representation has room for one
 * `price`, so each part gets the fields that agree on what `price` is. Fields without such a requirement stay in the first part.
 */
export function splitByInputs(fetch: FetchNode, guarded: GuardedRequires): FetchNode[] {
  const wanted = new Map<string, Set<string>>();
  collectInputs(fetch.requires ?? [], '', guarded, (place, name) => {
    wanted.set(place, (wanted.get(place) ?? new Set()).add(name));
  });
  const contested = new Set([...wanted].filter(([, names]) => names.size > 1).map(([place]) => place));
  if (contested.size === 0) return [fetch];

  const document = parse(fetch.operation, { noLocation: true });
  const parts: Array<{ inputs: Map<string, string>; fields: Set<FieldNode> }> = [];
  const free: FieldNode[] = [];
  for (const [field, type] of entityFields(document)) {
    const inputs = contestedInputs(type, field.name.value, fetch.subgraph, guarded, contested);
    if (inputs.size === 0) {
      free.push(field);
      continue;
    }
    let part = parts.find((each) => agree(each.inputs, inputs));
    if (part === undefined) parts.push((part = { inputs: new Map(), fields: new Set() }));
    for (const [place, name] of inputs) part.inputs.set(place, name);
    part.fields.add(field);
  }
  if (parts.length === 0) return [fetch];
  for (const field of free) parts[0]!.fields.add(field);

  return parts.map((part, at) => {
    const last = at === parts.length - 1;
    const operationName =
      at === 0 || fetch.operationName === undefined ? fetch.operationName : `${fetch.operationName}_${at}`;
    return {
      ...fetch,
      operationName,
      ...only(document, part.fields, operationName, fetch.variables),
      requires: withoutOthers(fetch.requires ?? [], '', guarded, contested, part.inputs),
      id: last ? fetch.id : undefined,
    };
  });
}

function agree(a: Inputs, b: Inputs): boolean {
  for (const [place, name] of b) if (a.has(place) && a.get(place) !== name) return false;
  return true;
}

/** Visits every synthetic input of a representation. */
function collectInputs(
  selections: readonly RequiredSelection[],
  path: string,
  guarded: GuardedRequires,
  found: (place: string, name: string) => void,
): void {
  for (const each of selections) {
    if (each.kind === 'Fragment') {
      collectInputs(each.selections, path, guarded, found);
      continue;
    }
    const synthetic = guarded.synthetics.get(each.write);
    const place = `${path}.${synthetic?.field ?? each.write}`;
    if (synthetic !== undefined) found(place, synthetic.name);
    if (each.selections !== undefined) collectInputs(each.selections, place, guarded, found);
  }
}

function contestedInputs(
  type: string,
  field: string,
  graph: string,
  guarded: GuardedRequires,
  contested: ReadonlySet<string>,
): Inputs {
  const inputs = new Map<string, string>();
  const walk = (selections: readonly SelectionNode[], path: string): void => {
    for (const each of selections) {
      if (each.kind === Kind.FRAGMENT_SPREAD) continue;
      if (each.kind === Kind.INLINE_FRAGMENT) {
        walk(each.selectionSet.selections, path);
        continue;
      }
      const synthetic = guarded.synthetics.get(each.name.value);
      const place = `${path}.${synthetic?.field ?? each.name.value}`;
      if (synthetic !== undefined && contested.has(place)) inputs.set(place, synthetic.name);
      if (each.selectionSet !== undefined) walk(each.selectionSet.selections, place);
    }
  };
  walk(guarded.requires.get(requiresKey(type, field, graph)) ?? [], '');
  return inputs;
}

/** The fields right below `_entities`, each with the type it is asked on. */
function entityFields(document: DocumentNode): Array<readonly [FieldNode, string]> {
  const found: Array<readonly [FieldNode, string]> = [];
  const walk = (selections: readonly SelectionNode[], type: string): void => {
    for (const each of selections) {
      if (each.kind === Kind.FIELD) found.push([each, type]);
      else if (each.kind === Kind.INLINE_FRAGMENT) {
        walk(each.selectionSet.selections, each.typeCondition?.name.value ?? type);
      }
    }
  };
  for (const root of operationOf(document).selectionSet.selections) {
    if (root.kind === Kind.FIELD) walk(root.selectionSet?.selections ?? [], '');
  }
  return found;
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The planner made a fetch without an operation');
  return operation;
}

/** The operation with these entity fields alone: text, and the variables it still uses. */
function only(
  document: DocumentNode,
  fields: ReadonlySet<FieldNode>,
  name: string | undefined,
  clientVariables: readonly string[],
): Pick<FetchNode, 'operation' | 'variables'> {
  const operation = operationOf(document);
  const keep = (selections: readonly SelectionNode[]): SelectionNode[] =>
    selections.flatMap((each): SelectionNode[] => {
      if (each.kind === Kind.FIELD) return fields.has(each) ? [each] : [];
      if (each.kind === Kind.FRAGMENT_SPREAD) return [];
      const inner = keep(each.selectionSet.selections);
      return inner.length === 0 ? [] : [{ ...each, selectionSet: { ...each.selectionSet, selections: inner } }];
    });
  const selections = operation.selectionSet.selections.map((root) =>
    root.kind === Kind.FIELD && root.selectionSet !== undefined
      ? { ...root, selectionSet: { ...root.selectionSet, selections: keep(root.selectionSet.selections) } }
      : root,
  );
  const used = new Set<string>();
  const noteVariables = { Variable: (node: { name: { value: string } }) => void used.add(node.name.value) };
  for (const selection of selections) visit(selection, noteVariables);
  for (const directive of operation.directives ?? []) visit(directive, noteVariables);
  const trimmed: OperationDefinitionNode = {
    ...operation,
    ...(name === undefined ? {} : { name: { kind: Kind.NAME, value: name } }),
    selectionSet: { ...operation.selectionSet, selections },
    variableDefinitions: (operation.variableDefinitions ?? []).filter((each) => used.has(each.variable.name.value)),
  };
  const variables = clientVariables.filter((each) => used.has(each));
  return { operation: stripIgnoredCharacters(print(trimmed)), variables };
}

/** The representation without the contested inputs that belong to other parts. */
function withoutOthers(
  selections: readonly RequiredSelection[],
  path: string,
  guarded: GuardedRequires,
  contested: ReadonlySet<string>,
  mine: Inputs,
): RequiredSelection[] {
  return selections.flatMap((each): RequiredSelection[] => {
    if (each.kind === 'Fragment') {
      return [{ ...each, selections: withoutOthers(each.selections, path, guarded, contested, mine) }];
    }
    const synthetic = guarded.synthetics.get(each.write);
    const place = `${path}.${synthetic?.field ?? each.write}`;
    if (synthetic !== undefined && contested.has(place) && mine.get(place) !== synthetic.name) return [];
    if (each.selections === undefined) return [each];
    const inner = withoutOthers(each.selections, place, guarded, contested, mine);
    return inner.length === 0 ? [] : [{ ...each, selections: inner }];
  });
}
