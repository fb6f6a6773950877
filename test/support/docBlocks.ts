import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. An info string `yaml file=a.yaml config` has the language `yaml`, the mark `config` and the option `file`. */
export interface DocBlock {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly marks: ReadonlySet<string>;
  readonly options: ReadonlyMap<string, string>;
  readonly text: string;
}

export const root = join(import.meta.dirname, '../..');

/** The pages that are written by hand and whose examples run here; migration and examples have tests of their own. */
export const pages = [
  'README.md',
  'docs/getting-started.md',
  'docs/architecture.md',
  'docs/auth.md',
  'docs/clients.md',
  'docs/operations.md',
  'docs/rate-limits.md',
  'docs/demand-control.md',
  'docs/balancing.md',
  'docs/traffic.md',
  'docs/fallbacks.md',
  'docs/conformance.md',
  'docs/testing.md',
  'docs/mocking.md',
  'docs/rest.md',
  'docs/rest-mapping.md',
] as const;

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The fenced blocks of a page, in order. */
export function docBlocks(page: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  const lines = readPage(page).split('\n');
  for (let at = 0; at < lines.length; at++) {
    const info = /^```(\S.*)$/.exec(lines[at]!)?.[1];
    if (info === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: a block without end`);
    const [language = '', ...words] = info.split(' ');
    blocks.push({
      page,
      line: at + 1,
      language,
      marks: new Set(words.filter((word) => !word.includes('='))),
      options: new Map(
        words.filter((word) => word.includes('=')).map((word) => word.split('=', 2) as [string, string]),
      ),
      text: lines.slice(at + 1, end).join('\n'),
    });
    at = end;
  }
  return blocks;
}

/** The blocks marked so, of all pages. */
export function marked(mark: string): DocBlock[] {
  return pages.flatMap(docBlocks).filter(({ marks }) => marks.has(mark));
}

/** The block marked `mark` that follows, before the next one that is run. */
export function following(block: DocBlock, mark: string): DocBlock | undefined {
  const rest = docBlocks(block.page).filter(({ line }) => line > block.line);
  const next = rest.findIndex(({ marks }) => ['demo', 'run', 'testing'].some((each) => marks.has(each)));
  return (next < 0 ? rest : rest.slice(0, next)).find(({ marks }) => marks.has(mark));
}

export function placeOf({ page, line }: DocBlock): string {
  return `${page}:${line}`;
}
