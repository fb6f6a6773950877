import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { z } from 'zod';

import { formatPath } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { factsOf, schemaAt } from './schemaFacts.js';
import { SourceNode } from './SourceNode.js';

/**
 * Makes the paths of files absolute and looks whether the files are there.
 *
 * @param directoryOf where relative paths start, by the place that names them
 */
export function checkFiles(
  schema: z.core.$ZodType,
  root: SourceNode,
  directoryOf: (node: SourceNode) => string,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const visit = (node: SourceNode, path: readonly PropertyKey[]): void => {
    for (const key of node.keys()) {
      const child = node.child(key)!;
      const childPath = [...path, key];
      visit(child, childPath);
      const at = schemaAt(schema, childPath);
      const kind = at === undefined ? undefined : factsOf(at).kind;
      const { value } = child;
      if ((kind !== 'file' && kind !== 'output') || typeof value !== 'string' || value === '') continue;
      if (child.expansion?.failed === true) continue;
      const file = resolve(directoryOf(child), value);
      node.add(key, new SourceNode(file, child.place, child.keyPlace, child.expansion));
      const message = kind === 'file' ? complaint(file, 'file') : complaint(dirname(file), 'directory');
      if (message === undefined) continue;
      problems.push({ ...child.place, path: formatPath(childPath), message, hint: `looked for ${file}` });
    }
  };
  visit(root, []);
  return problems;
}

function complaint(path: string, what: 'file' | 'directory'): string | undefined {
  try {
    const stat = statSync(path);
    if (what === 'file' ? stat.isFile() : stat.isDirectory()) return undefined;
    return what === 'file' ? 'is not a file' : 'is in something that is not a directory';
  } catch {
    return what === 'file' ? 'names a file that does not exist' : 'is in a directory that does not exist';
  }
}
