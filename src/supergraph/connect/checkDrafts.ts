import type { ConnectNames } from './ConnectNames.js';
import type { ConnectProblem } from './ConnectProblem.js';
import type { Draft } from './Draft.js';
import { printKey } from './KeyTree.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

/** Fields that no connector gives: nobody could answer them. */
export function checkUnanswered(
  types: SubgraphTypes,
  drafts: readonly Draft[],
  names: ConnectNames,
  report: (problem: ConnectProblem) => void,
): void {
  for (const typeName of types.names) {
    if (types.type(typeName)?.kind !== 'object') continue;
    const reaching = drafts.filter(({ reach }) => reach.fields.has(typeName));
    const isRoot = types.rootOf(typeName) !== undefined;
    if (reaching.length === 0 && !isRoot) continue;
    for (const field of types.fieldsOf(typeName)) {
      const name = field.name.value;
      if (reaching.some(({ reach }) => reach.fields.get(typeName)!.has(name))) continue;
      if (field.directives?.some((directive) => directive.name.value === names.external) === true) continue;
      const message = isRoot
        ? `${typeName}.${name} has no @connect`
        : `${typeName}.${name} is given by no connector: select it, or give it a @connect`;
      report({ code: 'CONNECTOR_MISSING', message, node: field });
    }
  }
}

/** An object inside an answer that lacks what a look-up would give must have its key, so that the look-up can follow. */
export function checkNested(drafts: readonly Draft[], report: (problem: ConnectProblem) => void): void {
  for (const { declaration, reach, entry } of drafts) {
    if (entry === undefined) continue;
    const { typeName, key, fields } = entry;
    for (const occurrence of reach.occurrences.get(typeName) ?? []) {
      const lacks = [...fields].filter((each) => !occurrence.fields.has(each) && !key.has(each));
      const missing = [...key.keys()].filter((each) => !occurrence.fields.has(each));
      const isEntry = occurrence.holder === entryHolder(declaration);
      if (lacks.length === 0 || missing.length === 0 || isEntry) continue;
      const message = `${occurrence.holder} gives ${typeName} without ${missing.join(', ')}: select the key (${printKey(key)}), so that ${lacks.join(', ')} can be looked up`;
      report({ code: 'CONNECTOR_MISSING_FIELDS', message, node: declaration.directive });
    }
  }
}

/** The field whose value is what a look-up gives; undefined where it is the object itself. */
function entryHolder({ typeName, field, root }: Draft['declaration']): string | undefined {
  return root === undefined || field === undefined ? undefined : `${typeName}.${field.name.value}`;
}
