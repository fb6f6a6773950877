import type { ConnectVersion, Mapping, SelectionItem, SelectionSet } from './Mapping.js';
import type { Parsed } from './MappingProblem.js';
import { parsed } from './MappingProblem.js';
import { PathParser } from './PathParser.js';

export interface ParseOptions {
  /** Version of the vocabulary that the schema links. Default: 0.3. */
  readonly specVersion?: ConnectVersion | undefined;
}

/** Nobody writes a mapping of this length by hand; in UTF-16 code units. */
export const MAX_MAPPING_LENGTH = 100_000;

/**
 * Reads a text in the mapping language: a `selection`, a `body`, the inside of `{…}` in a URL template or a header, `isSuccess` and so on.
 *
 * Grammar: the EBNF published with Apollo's router (`JSONSelection`), versions 0.1 to 0.3. Unlike 0.1 and 0.2 there, a path of one key
 * inside an expression (`->echo(name)`) is always understood; `?`, `??` and `?!` need 0.3 as there. Spreads (`...`) are of 0.4.
 */
export function parseSelection(text: string, { specVersion = '0.3' }: ParseOptions = {}): Parsed<Mapping> {
  return parsed(() => {
    const parser = new MappingParser(text, specVersion);
    return { text, version: specVersion, root: parser.root() };
  });
}

class MappingParser extends PathParser {
  constructor(text: string, version: ConnectVersion) {
    super(text, version);
    if (text.length > MAX_MAPPING_LENGTH) {
      this.scanner.fail(`A mapping may have ${MAX_MAPPING_LENGTH} characters; this one has ${text.length}`);
    }
  }

  root(): Mapping['root'] {
    const { scanner } = this;
    const start = scanner.at;
    const items: SelectionItem[] = [];
    while (!scanner.isAtEnd) {
      const item = this.item({ mayBeBare: items.length === 0 });
      if (item.kind === 'path') {
        if (scanner.isAtEnd) return item;
        return this.failBare(item);
      }
      items.push(item);
    }
    const [only] = items;
    if (items.length === 1 && only!.kind === 'inline') return only!.path;
    const set: SelectionSet = { kind: 'set', items, start, end: scanner.lastEnd };
    return set;
  }
}
