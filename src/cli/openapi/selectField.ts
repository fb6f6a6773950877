/** One line of a selection: a property under another name, and what is taken of it. */
export function selectField(name: string, property: string, selection: string | undefined): string {
  const path = name === property ? key(name) : `${key(name)}: ${key(property)}`;
  return selection === undefined ? path : `${path} {\n${indent(selection)}\n}`;
}

/** A name in the mapping language; a string where it is no identifier. */
export function key(name: string): string {
  return /^[A-Za-z_][0-9A-Za-z_]*$/.test(name) ? name : quoteKey(name);
}

/** A string of the mapping language. */
function quoteKey(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

export function indent(text: string, by = '  '): string {
  return text.replace(/^(?=.)/gm, by);
}
