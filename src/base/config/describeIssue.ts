import type { z } from 'zod';

import { camelKey } from './camelCased.js';
import { formatPath } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { camelPath, factsOf, keysOf, requirementOf, schemaAt } from './schemaFacts.js';
import type { SourceNode } from './SourceNode.js';
import { closest, suggestFor } from './suggest.js';
import { withUnit } from './values/quantity.js';

/** Longer values are cut in messages. */
const MAX_SHOWN = 60;

export interface DescribeSetting {
  readonly schema: z.core.$ZodType;
  readonly root: SourceNode;
  /** Whether paths are told in the words of YAML or of programs. */
  readonly words: 'snake' | 'camel';
}

/** What zod found, in words for the one who wrote the file, at the place where it is written. */
export function describeIssue(issue: z.core.$ZodIssue, setting: DescribeSetting): ConfigProblem[] {
  const { schema, root, words } = setting;
  const pathText = (path: readonly PropertyKey[]): string =>
    formatPath(words === 'camel' ? camelPath(schema, path) : path);
  const { path } = issue;
  const { node, complete } = root.find(path);
  if (node.expansion?.failed === true) return [];

  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, path));
    const inWords = (key: string): string => (words === 'camel' ? camelKey(key) : key);
    return issue.keys.map((key) => ({
      ...(node.child(key) ?? node).keyPlace,
      path: formatPath([...(words === 'camel' ? camelPath(schema, path) : path), inWords(key)]),
      message: 'is not a setting',
      hint: suggestFor(key, known, inWords) ?? `known here: ${known.map(inWords).join(', ')}`,
    }));
  }
  const problem = (message: string, hint?: string): ConfigProblem[] => [
    { ...(complete ? node.place : node.keyPlace), path: pathText(path), message, hint },
  ];
  if (issue.code === 'invalid_key') {
    return [{ ...node.keyPlace, path: pathText(path), message: 'has a name that cannot be used', hint: undefined }];
  }
  if (issue.code === 'custom' && issue.message !== '' && issue.message !== 'Invalid input') {
    return problem(issue.message, issue.params?.['hint'] as string | undefined);
  }
  const at = schemaAt(schema, path);
  if (at === undefined) return problem('is not valid');
  if (!complete) return problem(`is missing: it must ${requirementOf(at)}`);
  return problem(`must ${requirementOf(at)}, ${got(node)}`, hintFor(at, node));
}

/** The value in a message; never what a variable stands for. */
function got(node: SourceNode): string {
  if (node.expansion !== undefined) return `got the value of ${shorten(node.expansion.written)}`;
  const { value } = node;
  if (value === null || value === undefined) return 'got nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'got an empty list' : 'got a list';
  if (typeof value === 'object') return 'got a map';
  return `got ${shorten(typeof value === 'string' ? JSON.stringify(value) : String(value as number))}`;
}

function hintFor(schema: z.core.$ZodType, { value, expansion }: SourceNode): string | undefined {
  if (expansion !== undefined) return undefined;
  const { kind } = factsOf(schema);
  if (kind === 'duration' || kind === 'size') {
    return /^\d+(\.\d+)?$/.test(String(value as number)) ? withUnit(kind, value) : undefined;
  }
  const { must = '' } = factsOf(schema);
  const choices =
    must === ''
      ? requirementOf(schema)
          .replace(/^be one of /, '')
          .split(', ')
      : [];
  const near = typeof value === 'string' && choices.length > 1 ? closest(value, choices) : undefined;
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
