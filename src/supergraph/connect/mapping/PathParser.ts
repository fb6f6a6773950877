import { closest } from '../../../base/config/suggest.js';
import { ExpressionParser } from './ExpressionParser.js';
import type { Expression, Key, MappingPath, PathHead, PathStep, SelectionItem, SelectionSet } from './Mapping.js';
import { isMethodName, methodFacts, methodNames } from './methods.js';

/** A path with more steps than this is a mistake, or an attack. */
const MAX_STEPS = 200;

/** Paths, and the sets that take parts of them. */
export abstract class PathParser extends ExpressionParser {
  protected set(): SelectionSet {
    const { scanner } = this;
    const start = scanner.at;
    scanner.takes('{');
    return this.nested(() => {
      const items: SelectionItem[] = [];
      while (!scanner.takes('}')) {
        if (scanner.isAtEnd) scanner.fail('This "{" has no "}"', { start, end: start + 1 });
        if (scanner.sees(',')) scanner.fail('Fields are not separated by commas here: leave it out');
        const item = this.item({ mayBeBare: false });
        if (item.kind === 'path') return this.failBare(item);
        items.push(item);
      }
      return { kind: 'set', items, start, end: scanner.lastEnd };
    });
  }

  /** One item of a set; a path that has no name if there may be one. */
  protected item({ mayBeBare }: { readonly mayBeBare: boolean }): SelectionItem | MappingPath {
    const { scanner } = this;
    const start = scanner.at;
    if (scanner.sees('...')) {
      scanner.fail('Spreads ("...") are of connect/v0.4; here, a path with { … } and no alias does the same', {
        start,
        end: start + 3,
      });
    }
    const name = this.key();
    if (name !== undefined && scanner.takes(':')) {
      if (scanner.sees('{')) {
        const set = this.set();
        return { kind: 'group', name, set, start, end: set.end };
      }
      const path = this.path(this.head());
      this.refuseOperator();
      return { kind: 'field', name, aliased: true, path, start, end: path.end };
    }
    const head: PathHead = name === undefined ? this.head() : { kind: 'key', ...name };
    const path = this.path(head);
    this.refuseOperator();
    if (name !== undefined && path.steps.every((step) => step.kind === 'optional')) {
      return { kind: 'field', name, aliased: false, path, start, end: path.end };
    }
    if (path.set !== undefined) return { kind: 'inline', path, start, end: path.end };
    return mayBeBare ? path : this.failBare(path);
  }

  protected failBare(path: MappingPath): never {
    const written = this.scanner.text.slice(path.start, path.end);
    const short = written.length > 60 ? `${written.slice(0, 57)}...` : written;
    return this.scanner.fail(
      `"${short}" has no name among other fields: give it one ("name: ${short}") or take parts of it ("{ … }")`,
      path,
    );
  }

  protected head(): PathHead {
    const { scanner } = this;
    const start = scanner.at;
    if (scanner.sees('$(')) {
      scanner.takes('$(');
      const expression = this.nested(() => this.expression());
      if (!scanner.takes(')')) scanner.fail(`Expected ")" but found ${scanner.describeNext()}`);
      return { kind: 'expression', expression, start, end: scanner.lastEnd };
    }
    if (scanner.takes('$')) {
      const name = scanner.identifierNoSpace();
      if (name === undefined) return { kind: 'dollar', start, end: start + 1 };
      return { kind: 'variable', name: `$${name.name}`, start, end: name.end };
    }
    if (scanner.takes('@')) return { kind: 'at', start, end: start + 1 };
    const key = this.key();
    if (key !== undefined) return { kind: 'key', ...key };
    if (scanner.sees('.')) scanner.fail('A path cannot start with ".": write "$."');
    if (scanner.sees('->')) scanner.fail('A method needs an input: write "$->" or "@->"');
    if (scanner.sees('[')) scanner.fail('A list among fields is written $([ … ])');
    if (scanner.number() !== undefined)
      scanner.fail('A number among fields is written $(1)', { start, end: start + 1 });
    return scanner.fail(`Expected a field, $variable, $, @ or $( … ) but found ${scanner.describeNext()}`);
  }

  protected path(head: PathHead): MappingPath {
    const { scanner } = this;
    const steps: PathStep[] = [];
    for (let step = this.step(); step !== undefined; step = this.step()) {
      if (step.kind === 'optional' && steps.at(-1)?.kind === 'optional') scanner.fail('"?" is written once', step);
      steps.push(step);
      if (steps.length > MAX_STEPS) scanner.fail(`A path may have ${MAX_STEPS} steps`);
    }
    const set = scanner.sees('{') ? this.set() : undefined;
    return { kind: 'path', head, steps, set, start: head.start, end: scanner.lastEnd };
  }

  private step(): PathStep | undefined {
    const { scanner } = this;
    const start = scanner.at;
    if (scanner.sees('?') && !scanner.sees('??') && !scanner.sees('?!')) {
      this.needsVersion03('?');
      scanner.takes('?');
      return { kind: 'optional', start, end: scanner.lastEnd };
    }
    if (scanner.takes('->')) return this.method(start);
    if (scanner.sees('.') && !scanner.sees('...')) {
      scanner.takes('.');
      const key = this.key();
      if (key === undefined)
        return scanner.fail(`Expected a name or a string behind "." but found ${scanner.describeNext()}`);
      return { kind: 'key', name: key.name, start, end: key.end };
    }
    return undefined;
  }

  private method(start: number): PathStep {
    const { scanner } = this;
    const name = scanner.identifier();
    if (name === undefined)
      return scanner.fail(`Expected a method's name behind "->" but found ${scanner.describeNext()}`);
    if (!isMethodName(name.name)) {
      const near = closest(name.name, methodNames);
      const hint = near === undefined ? `there are ${methodNames.join(', ')}` : `did you mean ->${near}?`;
      return scanner.fail(`There is no method ->${name.name}; ${hint}`, name);
    }
    const inputs = scanner.takes('(') ? this.list(')') : undefined;
    const [fewest, most] = methodFacts(name.name).arity;
    const count = inputs?.length ?? 0;
    if (count < fewest || count > most) {
      return scanner.fail(`->${name.name} takes ${describeCount(fewest, most)}, not ${count}`, name);
    }
    if (name.name === 'as' && !isPlainVariable(inputs![0]!)) {
      return scanner.fail('->as takes the name of a variable first: ->as($name)', inputs![0]!);
    }
    const stray = methodFacts(name.name).gives === 'cases' ? inputs!.find((input) => !isPair(input)) : undefined;
    if (stray !== undefined) {
      const candidate = name.name === 'match' ? 'candidate' : 'condition';
      return scanner.fail(`->${name.name} takes pairs: [${candidate}, value]`, stray);
    }
    return { kind: 'method', name: name.name, arguments: inputs, start, end: scanner.lastEnd };
  }

  private refuseOperator(): void {
    const { scanner } = this;
    if (scanner.sees('??') || scanner.sees('?!')) {
      const operator = scanner.text.slice(scanner.at, scanner.at + 2);
      scanner.fail(`"${operator}" belongs into an expression: write $(a ${operator} b)`);
    }
  }

  private key(): Key | undefined {
    const quoted = this.scanner.string();
    if (quoted !== undefined) return { name: quoted.value, start: quoted.start, end: quoted.end };
    return this.scanner.identifier();
  }
}

function isPlainVariable(expression: Expression): boolean {
  if (expression.kind !== 'path') return false;
  const { head, steps, set } = expression;
  return head.kind === 'variable' && steps.length === 0 && set === undefined;
}

function isPair(expression: Expression): boolean {
  return expression.kind === 'array' && expression.elements.length === 2;
}

function describeCount(fewest: number, most: number): string {
  const words = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;
  if (most === 0) return 'no arguments';
  if (fewest === most) return words(fewest);
  return Number.isFinite(most) ? `${fewest} to ${words(most)}` : `at least ${words(fewest)}`;
}
