import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Pair, ParsedNode, YAMLError } from 'yaml';

import { formatPath } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { expandScalar } from './expandScalar.js';
import type { ExpansionSetting } from './expandScalar.js';
import { SourceNode } from './SourceNode.js';
import type { Place } from './SourceNode.js';

type Path = ReadonlyArray<string | number>;

/** Aliases can blow a small file up; no configuration is that large. */
const MAX_NODES = 100_000;

/** What cannot be read has been reported; validation is not asked for an opinion. */
const UNKNOWN = { written: '', failed: true };

export interface YamlReading {
  /** Undefined for an empty file, and for one that is no YAML. */
  readonly root: SourceNode | undefined;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads YAML 1.2 with the places of everything in it. Variables are expanded in scalars after parsing, so that a value can never become
 * structure.
 */
export function readYaml(text: string, file: string, setting: ExpansionSetting): YamlReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false });
  const reader = new Reader(file, lineCounter, document, setting);
  for (const each of [...document.errors, ...document.warnings]) reader.reportSyntax(each);
  if (document.errors.length > 0) return { root: undefined, problems: reader.problems };
  const root = document.contents === null ? undefined : reader.read(document.contents, undefined, []);
  return { root, problems: reader.problems };
}

class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;
  readonly #setting: ExpansionSetting;
  #nodes = 0;

  constructor(file: string, lines: LineCounter, document: Document.Parsed, setting: ExpansionSetting) {
    this.#file = file;
    this.#lines = lines;
    this.#document = document;
    this.#setting = setting;
  }

  reportSyntax({ code, message, pos }: YAMLError): void {
    const text =
      code === 'MULTIPLE_DOCS'
        ? 'has more than one YAML document'
        : `is not valid YAML: ${message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '')}`;
    this.#report(this.#placeAt(pos[0]), text, code === 'TAB_AS_INDENT' ? 'indent with spaces' : undefined);
  }

  read(node: ParsedNode | null, key: Place | undefined, path: Path): SourceNode {
    const place = node === null ? (key ?? this.#placeAt(0)) : this.#placeAt(node.range[0]);
    if (++this.#nodes > MAX_NODES) {
      if (this.#nodes === MAX_NODES + 1) this.#report(place, 'has too many values: aliases repeat them', undefined);
      return new SourceNode(null, place, key, UNKNOWN);
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document) as ParsedNode | undefined;
      if (target !== undefined) return this.read(target, key ?? place, path);
      this.#report(place, `has an alias to nothing: *${node.source}`, undefined, path);
      return new SourceNode(null, place, key, UNKNOWN);
    }
    if (isMap(node)) {
      return this.#readMap(node.items as Array<Pair<ParsedNode, ParsedNode | null>>, place, key, path);
    }
    if (isSeq(node)) {
      const list = SourceNode.list(place, key);
      for (const item of node.items)
        list.add(list.size, this.read(item as ParsedNode, undefined, [...path, list.size]));
      return list;
    }
    return this.#readScalar(isScalar(node) ? node.value : null, place, key, path);
  }

  #readMap(
    items: ReadonlyArray<Pair<ParsedNode, ParsedNode | null>>,
    place: Place,
    key: Place | undefined,
    path: Path,
  ): SourceNode {
    const map = SourceNode.map(place, key);
    for (const item of items) {
      const keyPlace = this.#placeAt(item.key.range[0]);
      const name = isScalar(item.key) ? String(item.key.value) : undefined;
      if (name === undefined) this.#report(keyPlace, 'has a key that is not a text', undefined, path);
      else if (name === '__proto__') this.#report(keyPlace, 'cannot be a key', undefined, [...path, name]);
      else if (name === '<<') {
        this.#report(keyPlace, 'has a merge key (<<), which is not part of YAML 1.2', undefined, path);
      } else {
        const former = map.child(name);
        if (former === undefined) map.add(name, this.read(item.value, keyPlace, [...path, name]));
        else this.#report(keyPlace, 'is there twice', `the first is in line ${former.keyPlace.line}`, [...path, name]);
      }
    }
    return map;
  }

  #readScalar(value: unknown, place: Place, key: Place | undefined, path: Path): SourceNode {
    if (typeof value !== 'string' || !value.includes('$')) return new SourceNode(value, place, key);
    const expanded = expandScalar(value, this.#setting);
    if ('problem' in expanded) {
      this.#report(place, expanded.problem, expanded.hint, path);
      // Its kind is not known; validation is not asked for an opinion.
      return new SourceNode(value, place, key, { written: value, failed: true });
    }
    if (expanded.text === value) return new SourceNode(value, place, key);
    return new SourceNode(expanded.text, place, key, { written: value, failed: false });
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  #report(place: Place, message: string, hint: string | undefined, path: Path = []): void {
    this.problems.push({ ...place, path: formatPath(path), message, hint });
  }
}
