import { BREAK, Kind, visit } from 'graphql';
import type { DocumentNode, ValueNode } from 'graphql';

/** Whether a literal holds an integer that a JavaScript number would change. */
export function holdsUnsafeInteger(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.INT:
      return node.value.length > 15 && !Number.isSafeInteger(Number(node.value));
    case Kind.LIST:
      return node.values.some(holdsUnsafeInteger);
    case Kind.OBJECT:
      return node.fields.some((field) => holdsUnsafeInteger(field.value));
    default:
      return false;
  }
}

/** A constant literal as our JSON reader would read it: integers beyond 2^53 as `bigint`, enum values as strings. */
export function readLiteral(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.NULL:
    case Kind.VARIABLE:
      return null;
    case Kind.INT: {
      const number = Number(node.value);
      return Number.isSafeInteger(number) ? number : BigInt(node.value);
    }
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map(readLiteral);
    case Kind.OBJECT: {
      const object = Object.create(null) as Record<string, unknown>;
      for (const field of node.fields) object[field.name.value] = readLiteral(field.value);
      return object;
    }
    default:
      return node.value;
  }
}

/** What a number must contain to be beyond 1.8e308. Looks at each digit once: runs of 308 would cost a square otherwise. */
const PERHAPS_INFINITE = /[eE]\+?\d{3}|(?<!\d)\d{309}/;

/** A number in a document that is none for JavaScript, such as `1e400`: it could neither be planned nor sent. */
export function findInfiniteNumber(document: DocumentNode): ValueNode | undefined {
  if (document.loc !== undefined && !PERHAPS_INFINITE.test(document.loc.source.body)) return undefined;
  let found: ValueNode | undefined;
  // BREAK is an object of no particular type.
  const judge = (node: ValueNode & { readonly value: string }): unknown => {
    if (Number.isFinite(Number(node.value))) return undefined;
    found = node;
    return BREAK;
  };
  visit(document, { IntValue: judge, FloatValue: judge });
  return found;
}
