import { describe, expect, it } from 'vitest';

import { outputShape } from '../../../../src/supergraph/connect/mapping/outputShape.js';
import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';
import { printMapping } from '../../../../src/supergraph/connect/mapping/printMapping.js';
import { methodNames } from '../../../../src/supergraph/connect/mapping/methods.js';
import { variableUses } from '../../../../src/supergraph/connect/mapping/variableUses.js';
import { parseTemplate } from '../../../../src/supergraph/connect/template/parseTemplate.js';
import { parseUrl } from '../../../../src/supergraph/connect/template/parseUrl.js';
import { compileMapping } from '../../../../src/upstream/rest/mapping/compileMapping.js';

/** `FUZZ_SELECTIONS=5000000 FUZZ_SEED=2 npx vitest run test/upstream/rest/mapping/mappingFuzz.test.ts` for a long run. */
const COUNT = Number(process.env['FUZZ_SELECTIONS'] ?? 100_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** Mulberry32. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const TOKENS = [
  ...[
    'a',
    'b',
    'id',
    '__proto__',
    'true',
    'null',
    '"q s"',
    "'it\\'s'",
    '1',
    '-2.5',
    '.5',
    '9007199254740993',
    '$',
    '@',
    '$args',
    '$x',
  ],
  ...[
    '.',
    '->',
    '(',
    ')',
    '$(',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '?',
    '??',
    '?!',
    ' ',
    ' ',
    ' ',
    '\n',
    '# c\n',
    '...',
    '"',
    '\\',
    '%',
    '\ud800',
  ],
  ...methodNames.map((name) => `->${name}`),
  ...methodNames.map((name) => `->${name}(`),
];

const SEEDS = [
  'id name author { name posts { id title: name } }',
  '$.results { id kind: type->match(["a", "A"], [@, "B"]) tags: tags->map({ name: @ })->first }',
  'a: $({ x: $args.id, y: [1, 2, b.c ?? "none"] })->entries { k: key v: value }',
  'list: $(items.n)->filter(@->gt(1)->and(@->lt(9)))->slice(0, 2)->joinNotNull(", ")',
  'some.path->as($x)->echo([$x.a, @.b?.c]) { one two: { three: four } } five: six?',
];

const INPUT = {
  ...{
    id: 1,
    name: 'n',
    a: { b: [1, 2, null], c: 'x' },
    b: { c: 1 },
    author: { name: 'm', posts: [{ id: 1, name: 't' }, null] },
  },
  ...{
    results: [{ id: 1, type: 'a', tags: ['x'] }],
    items: [{ n: 1 }, { n: 5 }],
    some: { path: { a: 1, b: null, one: 2, four: 4 } },
  },
};

function randomSelection(random: (below: number) => number): string {
  const pick = (): string => TOKENS[random(TOKENS.length)]!;
  if (random(3) === 0) return Array.from({ length: 1 + random(25) }, pick).join(random(2) === 0 ? '' : ' ');
  let text = SEEDS[random(SEEDS.length)]!;
  for (let change = random(4); change >= 0; change--) {
    const at = random(text.length + 1);
    const cut = random(3) === 0 ? random(6) : 0;
    text = text.slice(0, at) + (random(4) === 0 ? '' : pick()) + text.slice(at + cut);
  }
  return text;
}

describe(`${COUNT} random selections`, () => {
  it(
    'each is refused with a place, or understood, printed, analysed and run; nothing crashes or hangs',
    { timeout: 60_000 + COUNT },
    () => {
      const random = randomNumbers(SEED);
      let understood = 0;
      for (let index = 0; index < COUNT; index++) {
        const text = randomSelection(random);
        try {
          if (index % 10 === 0) tryTemplates(text);
          if (tryOne(text)) understood++;
        } catch (error) {
          throw new Error(`${JSON.stringify(text)}: ${String(error)}`, { cause: error });
        }
      }
      // Neither all noise nor all good.
      expect(understood).toBeGreaterThan(COUNT / 50);
      expect(understood).toBeLessThan(COUNT);
    },
  );

  function tryTemplates(text: string): void {
    parseTemplate(`x{${text}}`);
    parseUrl(`/x/{${text}}?${text}`);
  }

  function tryOne(text: string): boolean {
    const result = parseSelection(text);
    if (!result.ok) {
      const { start, end, line, column, message } = result.problem;
      if (!(start >= 0 && start <= end && end <= text.length && line > 0 && column > 0 && message !== '')) {
        throw new Error(`bad place ${JSON.stringify(result.problem)}`);
      }
      return false;
    }
    const mapping = result.value;
    const printed = printMapping(mapping);
    const again = parseSelection(printed);
    if (!again.ok || printMapping(again.value) !== printed) throw new Error(`printed as ${printed}`);
    outputShape(mapping);
    variableUses(mapping);
    compileMapping(mapping, { maxWork: 5000 })(INPUT, { $args: { id: 7 } });
    return true;
  }
});
