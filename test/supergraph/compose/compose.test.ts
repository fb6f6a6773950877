import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { compose } from '../../../src/supergraph/compose/compose.js';
import type { SubgraphSdl } from '../../../src/supergraph/compose/compose.js';
import { composeInWorker } from '../../../src/supergraph/compose/composeInWorker.js';
import { CompositionError } from '../../../src/supergraph/compose/CompositionError.js';
import { printProblem } from '../../../src/supergraph/compose/problems.js';
import type { CompositionProblem } from '../../../src/supergraph/compose/problems.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';

function subgraph(name: string, sdl: string): SubgraphSdl {
  return { name, url: `http://${name}.test/graphql`, sdl: link + sdl, file: `${name}/schema.graphql` };
}

function problemsOf(run: () => unknown): readonly CompositionProblem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CompositionError) return error.problems;
    throw error;
  }
  throw new Error('It composes');
}

const good = [
  subgraph('b', 'type Query { b: T } type T @key(fields: "id") { id: ID! }'),
  subgraph('a', 'type Query { a: T } type T @key(fields: "id") { id: ID! more: String }'),
];

describe('composing', () => {
  it('gives one text whatever the order of the subgraphs', () => {
    const ids = [good, good.toReversed()].map((subgraphs) =>
      createHash('sha256').update(compose(subgraphs).supergraphSdl).digest('hex'),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(compose(good).supergraphSdl).toMatch(/A @join__graph\(name: "a", url: "http:\/\/a.test\/graphql"\)/);
  });

  it('in a worker gives what it gives on this thread, mistakes included', async () => {
    expect(await composeInWorker(good)).toEqual(compose(good));
    const bad = [subgraph('a', 'type Query { a: Nothing }')];
    const problems = problemsOf(() => compose(bad));
    await expect(composeInWorker(bad)).rejects.toMatchObject({ code: 'COMPOSITION_FAILED', problems });
  });

  it('ends at its deadline, and that is no mistake of the subgraphs', async () => {
    await expect(composeInWorker(good, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'COMPOSITION_INTERRUPTED' });
  });
});

describe('a composition error names code, subgraph, file, line and column', () => {
  const cases: ReadonlyArray<readonly [claim: string, subgraphs: readonly SubgraphSdl[], problem: object]> = [
    [
      'of a syntax error',
      [subgraph('a', 'type Query {\n  a: }')],
      {
        code: 'INVALID_GRAPHQL',
        places: [{ subgraph: 'a', file: 'a/schema.graphql', line: 3, column: 6 }],
      },
    ],
    [
      'of an unknown type',
      [subgraph('a', 'type Query {\n  a: Nothing\n}')],
      {
        code: 'INVALID_GRAPHQL',
        message: '[a] Unknown type Nothing',
        places: [{ subgraph: 'a', file: 'a/schema.graphql', line: 3, column: 6 }],
      },
    ],
    [
      'of a field that two subgraphs resolve, at both',
      [subgraph('a', 'type Query { x: Int }'), subgraph('b', 'type Query {\n  x: Int }')],
      {
        code: 'INVALID_FIELD_SHARING',
        places: [
          { subgraph: 'a', file: 'a/schema.graphql', line: 2, column: 14 },
          { subgraph: 'b', file: 'b/schema.graphql', line: 3, column: 3 },
        ],
      },
    ],
    [
      'of a field that cannot be reached, at that field',
      [
        subgraph('a', 'type Query { t: T } type T @key(fields: "id") { id: ID! }'),
        subgraph('b', 'type T @key(fields: "id", resolvable: false) {\n  id: ID!\n  b: Int\n}'),
      ],
      { code: 'SATISFIABILITY_ERROR', places: [{ subgraph: 'b', file: 'b/schema.graphql', line: 4, column: 3 }] },
    ],
    ['of a name given twice', [good[0]!, good[0]!], { code: 'INVALID_SUBGRAPH_NAME', places: [] }],
    ['of a graph without queries', [subgraph('a', 'type T { x: Int }')], { code: 'NO_QUERIES', places: [] }],
    ['of no subgraphs at all', [], { severity: 'error' }],
  ];
  it.each(cases)('%s', (_claim, subgraphs, problem) => {
    const problems = problemsOf(() => compose(subgraphs));
    expect(problems).toEqual([expect.objectContaining({ severity: 'error', ...problem })]);
  });

  it('and by the name of a subgraph that is in no file', () => {
    const problems = problemsOf(() => compose([{ name: 'a', url: 'http://a.test', sdl: 'type Query { a: Nothing }' }]));
    expect(problems.map(printProblem)).toEqual(['a:1:17: INVALID_GRAPHQL [a] Unknown type Nothing']);
  });

  it('reports at most a few hundred problems, however many there are', () => {
    const fields = Array.from({ length: 1000 }, (_, n) => `f${n}: Nothing${n}`).join('\n');
    expect(problemsOf(() => compose([subgraph('a', `type Query { ${fields} }`)])).length).toBeLessThanOrEqual(200);
  });

  it('survives an SDL that is nested too deeply to be walked', () => {
    const type = `${'['.repeat(50_000)}Int${']'.repeat(50_000)}`;
    expect(problemsOf(() => compose([subgraph('a', `type Query { a: ${type} }`)]))).toHaveLength(1);
  });
});

describe('hints', () => {
  it('say where subgraphs disagree without being wrong', () => {
    const { hints } = compose([
      subgraph('a', 'type Query { x: Int @shareable }'),
      subgraph('b', 'type Query {\n  x: Int! @shareable }'),
    ]);
    const hint = hints.find(({ code }) => code === 'INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE')!;
    expect(hint.severity).toBe('info');
    expect(hint.places).toContainEqual({ subgraph: 'b', file: 'b/schema.graphql', line: 3, column: 3 });
  });
});

describe('a printed problem', () => {
  it('starts with its place and indents what follows', () => {
    const text = printProblem({
      severity: 'error',
      code: 'CODE',
      message: 'One.\nTwo.',
      places: [
        { subgraph: 'a', file: 'a.graphql', line: 1, column: 2 },
        { subgraph: 'b', file: 'b.graphql', line: 3, column: 4 },
      ],
    });
    expect(text).toBe('a.graphql:1:2: CODE One.\n    Two.\n    also at b.graphql:3:4');
  });
});
