import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import type { OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { describe, expect, it } from 'vitest';

import { outputShape } from '../../../src/supergraph/connect/mapping/outputShape.js';
import { parseSelection } from '../../../src/supergraph/connect/mapping/parseSelection.js';
import { project } from '../../../src/upstream/rest/Projection.js';
import type { Unfinished } from '../../../src/upstream/rest/Projection.js';
import { ProjectionCompiler } from '../../../src/upstream/rest/ProjectionCompiler.js';
import type { LookUp } from '../../../src/upstream/rest/ProjectionCompiler.js';

const types = {
  inputDefaults: new Map<string, Readonly<Record<string, unknown>>>(),
  fieldTypes: new Map([
    [
      'User',
      new Map([
        ['id', 'ID'],
        ['name', 'String'],
        ['best', 'User'],
        ['pets', 'Pet'],
      ]),
    ],
    [
      'Cat',
      new Map([
        ['name', 'String'],
        ['lives', 'Int'],
      ]),
    ],
    [
      'Dog',
      new Map([
        ['name', 'String'],
        ['tricks', 'String'],
      ]),
    ],
  ]),
  possibleTypes: new Map([['Pet', new Set(['Cat', 'Dog'])]]),
};

function selections(text: string): SelectionSetNode {
  const definition = parse(text).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  return (definition as OperationDefinitionNode).selectionSet;
}

function run(
  text: string,
  value: unknown,
  lookUp?: LookUp,
  shape?: string,
): { value: unknown; unfinished: Unfinished[] } {
  const compiler = new ProjectionCompiler(types, new Map(), lookUp);
  const parsed = shape === undefined ? undefined : parseSelection(shape);
  const known = parsed?.ok === true ? outputShape(parsed.value) : undefined;
  const unfinished: Unfinished[] = [];
  return { value: project(value, compiler.compile('User', [selections(text)], known), unfinished), unfinished };
}

describe('what a selection makes of a mapped value', () => {
  it('has the names of the selection, null for what is missing, and nothing else', () => {
    const value = { id: 1, name: 'Ada', secret: true, best: [{ id: 2 }, null] };
    expect(run('{ who: name id __typename best { id name } pets { __typename } }', value).value).toEqual({
      who: 'Ada',
      id: 1,
      __typename: 'User',
      best: [{ id: 2, name: null }, null],
      pets: null,
    });
  });

  it('goes by __typename where the type is abstract', () => {
    const pets = [
      { __typename: 'Cat', name: 'Tom', lives: 9 },
      { __typename: 'Dog', name: 'Rex' },
      { __typename: 'Eel' },
    ];
    const text = '{ pets { __typename ... on Cat { lives } ... on Dog { name tricks } } }';
    expect(run(text, { pets }).value).toEqual({
      pets: [{ __typename: 'Cat', lives: 9 }, { __typename: 'Dog', name: 'Rex', tricks: null }, { __typename: 'Eel' }],
    });
  });

  it('says what a place lacks and a look-up gives', () => {
    const lookUp = { typeName: 'User', gives: (name: string) => name !== 'pets', shapeOf: () => undefined };
    const { unfinished } = run('{ best { id name } }', { best: { id: 2 } }, lookUp, 'id name best { id }');
    expect(unfinished.map(({ value, projection }) => [value, projection.fields.map(({ key }) => key)])).toEqual([
      [{ id: 2 }, ['name']],
    ]);
  });

  it('never reads what a prototype has, and never throws', () => {
    expect(run('{ name best { id } }', Object.create({ name: 'evil' })).value).toEqual({ name: null, best: null });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        run('{ name best { id } pets { __typename ... on Cat { lives } } }', value);
      }),
    );
  });
});
