import type { SourceNode } from './SourceNode.js';

/** One mistake in a configuration. */
export interface ConfigProblem {
  /** The file as the user named it; a command line flag (`--port`); or `options` for those of a program. */
  readonly file: string;
  /** 1-based; 0 where there are no lines. */
  readonly line: number;
  readonly column: number;
  /** The setting: `traffic_shaping.all.timeout`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to write instead. */
  readonly hint: string | undefined;
}

/** `portico.yaml:4:14: traffic_shaping.all.timeout must be a duration … (write "30s")` */
export function formatProblem({ file, line, column, path, message, hint }: ConfigProblem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const subject = path === '' ? '' : `${path} `;
  return `${place}: ${subject}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** In the order of reading, each once. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem) => {
      const text = formatProblem(problem);
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    });
}

/** A mistake at a setting that is written; at its key, because the value alone may be right. */
export function problemAt(root: SourceNode, path: readonly PropertyKey[], message: string): ConfigProblem {
  return { ...root.find(path).node.keyPlace, path: formatPath(path), message, hint: undefined };
}

/** A path as people write it: `cors.policies[0].origins`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(String(step))) text += `${text === '' ? '' : '.'}${String(step)}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}
