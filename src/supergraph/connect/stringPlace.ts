import type { ConstValueNode, StringValueNode } from 'graphql';
import { Kind } from 'graphql';

/** Where something stands in a document, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a character of a string's value stands in the document that has the string: through escapes, and through the indentation that a
 * block string loses.
 */
export function placeInString(node: ConstValueNode, offset: number): Place | undefined {
  const { loc } = node;
  if (loc === undefined || node.kind !== Kind.STRING) return undefined;
  const raw = loc.source.body.slice(loc.start, loc.end);
  const at = node.block === true ? offsetInBlock(raw, node, offset) : offsetInLine(raw, offset);
  const before = loc.source.body.slice(0, loc.start + at).split(/\r\n|\n|\r/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function offsetInLine(raw: string, offset: number): number {
  let at = 1;
  for (let left = offset; left > 0 && at < raw.length - 1; left--) {
    if (raw[at] !== '\\') at++;
    else if (raw[at + 1] !== 'u') at += 2;
    else at = raw[at + 2] === '{' ? raw.indexOf('}', at) + 1 : at + 6;
  }
  return at;
}

/** The rules of `BlockStringValue` (GraphQL specification, 2.9.4), in the other direction. */
function offsetInBlock(raw: string, node: StringValueNode, offset: number): number {
  const lines = raw.slice(3, -3).split(/\r\n|\n|\r/);
  const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);
  const indent = Math.min(
    ...lines.slice(1).map((line) => (isBlank(line) ? Number.POSITIVE_INFINITY : line.length - line.trimStart().length)),
  );
  const first = lines.findIndex((line) => !isBlank(line));
  const before = node.value.slice(0, offset).split('\n');
  const lineAt = Math.max(0, first) + before.length - 1;
  const lost = lineAt === 0 || indent === Number.POSITIVE_INFINITY ? 0 : indent;
  let at = 3;
  for (let line = 0; line < lineAt; line++) {
    at += (lines[line] ?? '').length;
    at += raw.startsWith('\r\n', at) ? 2 : 1;
  }
  return at + lost + before.at(-1)!.length;
}
