import { printKey } from '../../supergraph/connect/mapping/printMapping.js';

/** One line of a selection: a property under another name, and what is taken of it. */
export function selectField(name: string, property: string, selection: string | undefined): string {
  const path = name === property ? printKey(name) : `${printKey(name)}: ${printKey(property)}`;
  return selection === undefined ? path : `${path} {\n${indent(selection)}\n}`;
}

export function indent(text: string, by = '  '): string {
  return text.replace(/^(?=.)/gm, by);
}
