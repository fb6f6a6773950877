import type { z } from 'zod';

import { formatPath } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { describeIssue } from './describeIssue.js';
import type { DescribeSetting } from './describeIssue.js';
import { schemaAt } from './schemaFacts.js';
import { unwrap } from './camelCased.js';
import { SourceNode } from './SourceNode.js';

export type Validation<Output> =
  | { readonly value: Output; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly ConfigProblem[] };

/**
 * Validates what was read, with defaults filled in. A scalar with variables in it takes the type that its setting needs: `port: ${PORT}`
 * is a number, `value: ${TOKEN}` a text even if the token has only digits.
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  root: SourceNode,
  words: DescribeSetting['words'] = 'snake',
): Validation<z.output<Schema>> {
  giveTypes(schema, root, []);
  const result = schema.safeParse(root.value);
  if (result.success) return { value: result.data, problems: [] };
  const setting = { schema, root, words };
  const { issues } = result.error;
  // A key that was meant to be another one: what is missing because of that needs no saying.
  const misnamed = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => formatPath(path)),
  );
  const told = issues.filter(({ code, path }) => code !== 'custom' || !misnamed.has(formatPath(path)));
  return { value: undefined, problems: told.flatMap((issue) => describeIssue(issue, setting)) };
}

function giveTypes(schema: z.core.$ZodType, node: SourceNode, path: readonly PropertyKey[]): void {
  for (const key of node.keys()) {
    const child = node.child(key)!;
    const childPath = [...path, key];
    const childSchema = schemaAt(schema, childPath);
    if (childSchema === undefined) continue;
    if (child.expansion === undefined) giveTypes(schema, child, childPath);
    else if (!child.expansion.failed) {
      const typed = typedAs(childSchema, child.value as string);
      if (typed !== child.value) node.add(key, new SourceNode(typed, child.place, child.keyPlace, child.expansion));
    }
  }
}

function typedAs(schema: z.core.$ZodType, text: string): unknown {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  if (def.type === 'number' && /^-?\d{1,15}(\.\d+)?$/.test(text.trim())) return Number(text);
  if (def.type === 'boolean' && /^(true|false)$/.test(text.trim())) return text.trim() === 'true';
  return text;
}
