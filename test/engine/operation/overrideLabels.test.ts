import { describe, expect, test } from 'vitest';

import { compileLabels, labelsMet } from '../../../src/engine/operation/overrideLabels.js';

const supergraph = {
  overrideLabels: new Map([
    ['Product.price', 'percent(20)'],
    ['Product.stock', 'percent(10)'],
    ['Product.name', 'new-names'],
    ['User.name', 'new-names'],
    ['User.email', 'mail'],
  ]),
  hiddenOverrideLabels: ['keys', 'mail'],
};
const operation = (...coordinates: string[]) => ({ coordinates: new Set(coordinates) });

describe('labelsMet', () => {
  test('gives the labels of the selected fields and the hidden ones, sorted, each once', () => {
    expect(labelsMet(operation('User.name', 'Product.name', 'Product.price', 'User.id'), supergraph)).toEqual([
      'keys',
      'mail',
      'new-names',
      'percent(20)',
    ]);
    expect(labelsMet(operation(), supergraph)).toEqual(['keys', 'mail']);
  });
});

describe('compileLabels', () => {
  const all = operation('Product.price', 'Product.stock', 'Product.name', 'User.email');

  test('labels are on when configured, and only those that the operation can meet', () => {
    const enabled = new Set(['mail', 'new-names', 'elsewhere']);
    expect(compileLabels(operation('User.email'), supergraph, enabled)()).toEqual(['mail']);
    expect(compileLabels(operation('User.name'), supergraph, enabled)()).toEqual(['mail', 'new-names']);
    expect(compileLabels(operation('User.name'), supergraph, new Set())()).toEqual([]);
  });

  test('percent(n) is rolled for each request, and no switch turns it on', () => {
    const rolls = [0, 0.0999, 0.1, 0.1999, 0.2, 0.9999];
    let at = 0;
    const roll = compileLabels(all, supergraph, new Set(['percent(20)', 'mail']), () => rolls[at++]!);
    expect(rolls.map(() => roll())).toEqual([
      ['mail', 'percent(10)', 'percent(20)'],
      ['mail', 'percent(10)', 'percent(20)'],
      ['mail', 'percent(20)'],
      ['mail', 'percent(20)'],
      ['mail'],
      ['mail'],
    ]);
  });

  test('percent(0) is never on and percent(100) always; fractions count', () => {
    const labels = ['percent(0)', 'percent(100)', 'percent(0.5)'];
    const of = (random: number) =>
      compileLabels(
        operation(),
        { overrideLabels: new Map(), hiddenOverrideLabels: labels },
        new Set(),
        () => random,
      )();
    expect(of(0)).toEqual(['percent(0.5)', 'percent(100)']);
    expect(of(0.005)).toEqual(['percent(100)']);
    expect(of(0.999999)).toEqual(['percent(100)']);
  });

  test('a share of all requests is on', () => {
    const roll = compileLabels(operation('Product.price'), supergraph, new Set());
    let on = 0;
    for (let i = 0; i < 5000; i++) if (roll().includes('percent(20)')) on++;
    expect(on).toBeGreaterThan(750);
    expect(on).toBeLessThan(1250);
  });

  test('what only looks like percent(n) is a label like any other', () => {
    const labels = ['percent(101)', 'percent(x)', 'my-percent(10)', 'percent(10'];
    const facts = { overrideLabels: new Map(), hiddenOverrideLabels: labels };
    expect(compileLabels(operation(), facts, new Set(), () => 0)()).toEqual([]);
    expect(compileLabels(operation(), facts, new Set(labels), () => 0.99)()).toEqual([...labels].sort());
  });
});
