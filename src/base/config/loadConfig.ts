import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { configSchema } from './configSchema.js';
import type { Config } from './configSchema.js';
import { sortProblems } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { readYaml } from './readYaml.js';
import { settle } from './settle.js';
import type { Settled } from './settle.js';
import { SourceNode } from './SourceNode.js';

export interface LoadConfigOptions {
  /** The YAML file; without one the defaults count, and the overrides. */
  readonly file?: string | undefined;
  /** The text of the file, where it has been read already. */
  readonly text?: string | undefined;
  /** What the command line says; it goes before the file. */
  readonly overrides?: readonly ConfigOverride[] | undefined;
  /** Where variables are looked up. Default: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A setting from the command line. */
export interface ConfigOverride {
  /** As the user wrote it: `--port`. Stands where a file name stands in messages. */
  readonly flag: string;
  /** In the words of YAML: `['server', 'port']`. */
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
  /** Whether the whole section is replaced and not one setting of it. */
  readonly alone?: boolean;
  /** Whether what the file says goes before it, for once: a default of the command. */
  readonly unlessSaid?: boolean;
}

/** A valid configuration and what is needed to speak of it. */
export interface LoadedConfig {
  readonly config: Config;
  /** Of the file; empty without one. */
  readonly text: string;
  /** The file that it was read from, absolute. */
  readonly file: string | undefined;
  /** Says which of its settings name subgraphs that are not among `names`. */
  problemsWith(names: Iterable<string>): readonly ConfigProblem[];
  /** A mistake that is found out later, at the setting that it is about. */
  problemAt(path: readonly PropertyKey[], message: string): ConfigProblem;
}

export type ConfigLoading =
  | { readonly loaded: LoadedConfig; readonly problems: readonly [] }
  | { readonly loaded: undefined; readonly problems: readonly ConfigProblem[] };

/** Reads, expands and validates a configuration: all of its mistakes at once, or a frozen, complete one. Never throws for a mistake. */
export function loadConfig(options: LoadConfigOptions): ConfigLoading {
  const { file, environment = process.env } = options;
  const directory = file === undefined ? process.cwd() : dirname(resolve(file));
  const problems: ConfigProblem[] = [];

  let text = options.text ?? '';
  if (file !== undefined && options.text === undefined) {
    const read = readText(file);
    if (typeof read !== 'string') return { loaded: undefined, problems: [read] };
    text = read;
  }
  const yaml = readYaml(text, file ?? '', { environment, directory });
  problems.push(...yaml.problems);
  // Nothing sensible can be said about a file that is not YAML.
  if (yaml.root === undefined && problems.length > 0) return { loaded: undefined, problems: sortProblems(problems) };
  const root = yaml.root ?? SourceNode.map({ file: file ?? 'portico', line: file === undefined ? 0 : 1, column: 1 });

  for (const override of options.overrides ?? []) apply(root, override);
  const isFlag = (node: SourceNode): boolean => node.place.line === 0;
  const directoryOf = (node: SourceNode): string => (isFlag(node) ? process.cwd() : directory);
  const settled = settle<Config>(configSchema, { root, problems, directoryOf, environment });
  return loadedFrom(settled, text, file && resolve(file));
}

/** @param text of the file, empty without one */
export function loadedFrom(settled: Settled<Config>, text: string, file: string | undefined): ConfigLoading {
  if (settled.config === undefined) return { loaded: undefined, problems: settled.problems };
  const { config, problemsWith, problemAt } = settled;
  return { loaded: { config, text, file, problemsWith, problemAt }, problems: [] };
}

function readText(file: string): string | ConfigProblem {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : `cannot be read (${code ?? 'unknown'})`;
    return { file, line: 0, column: 0, path: '', message, hint: undefined };
  }
}

function apply(root: SourceNode, { flag, path, value, alone, unlessSaid }: ConfigOverride): void {
  if (unlessSaid === true && root.find(path).complete) return;
  const place = { file: flag, line: 0, column: 0 };
  let node = root;
  for (const key of path.slice(0, -1)) {
    let child = node.child(key);
    if (child === undefined || !child.isMap || alone === true) node.add(key, (child = SourceNode.map(place)));
    node = child;
  }
  node.add(path.at(-1)!, SourceNode.of(value, place));
}
