const MAX_CHARACTERS = 200;
const MAX_ITEMS = 10;
const MAX_DEPTH = 2;

/**
 * A client's value for a message: as graphql-js prints it (strings in quotes, objects as `{ a: 1 }`, two levels, ten items), but
 * strings and objects are cut too. What is cut ends in `…`.
 */
export function inspectValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value !== 'object' || value === null) return cut(String(value));
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (depth >= MAX_DEPTH) return '[Array]';
    const items = value.slice(0, MAX_ITEMS).map((item) => inspectValue(item, depth + 1));
    const more = value.length - items.length;
    if (more > 0) items.push(`... ${more} more item${more === 1 ? '' : 's'}`);
    return `[${items.join(', ')}]`;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  if (depth >= MAX_DEPTH) return '[Object]';
  const members = keys
    .slice(0, MAX_ITEMS)
    .map((key) => `${cut(key)}: ${inspectValue((value as Record<string, unknown>)[key], depth + 1)}`);
  if (keys.length > MAX_ITEMS) members.push('…');
  return `{ ${members.join(', ')} }`;
}

function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
