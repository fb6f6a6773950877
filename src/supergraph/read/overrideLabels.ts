import { Kind, TokenKind, Lexer, Source } from 'graphql';
import type { DirectiveNode, DocumentNode } from 'graphql';

import { textArgument } from './links.js';

export interface OverrideLabels {
  /** Field coordinate and label, sorted by coordinate. */
  readonly byCoordinate: ReadonlyArray<readonly [coordinate: string, label: string]>;
  /** Sorted. */
  readonly hidden: readonly string[];
}

/**
 * Labels of progressive `@override(label:)`.
 *
 * A label is hidden when a plan can meet it although the operation does not name its field: the field's name occurs in a
 * `@key`, `@requires`, `@provides` or `@fromContext` selection. Compared by field name alone: one label too many costs a plan variant,
 * one too few a wrong plan.
 */
export function readOverrideLabels(document: DocumentNode, joinPrefix: string): OverrideLabels {
  const joinField = `${joinPrefix}__field`;
  const joinType = `${joinPrefix}__type`;
  const byCoordinate = new Map<string, string>();
  const labelled: Array<readonly [field: string, label: string]> = [];
  const named = new Set<string>();
  const hidden = new Set<string>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const directive of type.directives ?? []) {
      if (directive.name.value === joinType) addNames(textArgument(directive, 'key'), named);
    }
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      for (const directive of field.directives ?? []) {
        if (directive.name.value !== joinField) continue;
        addNames(textArgument(directive, 'requires'), named);
        addNames(textArgument(directive, 'provides'), named);
        for (const selection of contextSelections(directive)) addNames(selection, named);
        const label = textArgument(directive, 'overrideLabel');
        if (label === undefined) continue;
        labelled.push([field.name.value, label]);
        const known = byCoordinate.get(coordinate);
        if (known === undefined) byCoordinate.set(coordinate, label);
        else if (known !== label) hidden.add(label);
      }
    }
  }
  for (const [field, label] of labelled) if (named.has(field)) hidden.add(label);
  const sorted = [...byCoordinate].sort(([a], [b]) => (a < b ? -1 : 1));
  return { byCoordinate: sorted, hidden: [...hidden].sort() };
}

/** The selections of `@join__field(contextArguments: [{selection: …}])`. */
function contextSelections(directive: DirectiveNode): string[] {
  const list = directive.arguments?.find((argument) => argument.name.value === 'contextArguments')?.value;
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item) => {
    if (item.kind !== Kind.OBJECT) return [];
    const selection = item.fields.find((field) => field.name.value === 'selection')?.value;
    return selection?.kind === Kind.STRING ? [selection.value] : [];
  });
}

/** Adds every name in a field set: fields, and harmlessly types and argument names. */
function addNames(fieldSet: string | undefined, into: Set<string>): void {
  if (fieldSet === undefined) return;
  const lexer = new Lexer(new Source(fieldSet));
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (token.kind === TokenKind.NAME) into.add(token.value);
  }
}
