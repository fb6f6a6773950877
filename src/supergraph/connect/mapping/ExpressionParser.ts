import type {
  ChainExpression,
  ConnectVersion,
  Expression,
  Key,
  Literal,
  MappingPath,
  PathHead,
  Property,
} from './Mapping.js';
import { Scanner } from './Scanner.js';

/** Deeper nesting is a mistake, or an attack on the stack. */
const MAX_DEPTH = 64;

/** What stands inside `$( … )` and between the parentheses of methods: literals, paths, `??` and `?!`. */
export abstract class ExpressionParser {
  protected readonly scanner: Scanner;
  private readonly version: ConnectVersion;
  private depth = 0;

  constructor(text: string, version: ConnectVersion) {
    this.scanner = new Scanner(text);
    this.version = version;
  }

  protected abstract head(): PathHead;
  protected abstract path(head: PathHead): MappingPath;

  protected expression(): Expression {
    const first = this.operand();
    const operator = this.operator();
    if (operator === undefined) return first;
    const { scanner } = this;
    this.needsVersion03(operator);
    const operands = [first];
    while (scanner.takes(operator)) operands.push(this.operand());
    const other = this.operator();
    if (other !== undefined) {
      scanner.fail(`"${other}" cannot follow "${operator}": put one of the two into $( … )`);
    }
    const chain: ChainExpression = { kind: 'chain', operator, operands, start: first.start, end: scanner.lastEnd };
    return chain;
  }

  /** Expressions with commas between them, up to `closing`, which is taken. A comma may stand at the end. */
  protected list(closing: string): readonly Expression[] {
    return this.nested(() => this.listed(closing, () => this.expression()));
  }

  protected nested<Value>(parse: () => Value): Value {
    if (++this.depth > MAX_DEPTH) this.scanner.fail(`A mapping may be ${MAX_DEPTH} levels deep`);
    const value = parse();
    this.depth--;
    return value;
  }

  protected needsVersion03(token: string): void {
    if (this.version === '0.3') return;
    this.scanner.fail(`"${token}" is of connect/v0.3, and this schema links v${this.version}`, {
      start: this.scanner.at,
      end: this.scanner.at + token.length,
    });
  }

  private operator(): '??' | '?!' | undefined {
    if (this.scanner.sees('??')) return '??';
    return this.scanner.sees('?!') ? '?!' : undefined;
  }

  private operand(): Expression {
    const literal = this.literal();
    if (literal === undefined) return this.path(this.head());
    const { start, end } = literal;
    const path = this.path({ kind: 'literal', literal, start, end });
    return path.steps.length === 0 && path.set === undefined ? literal : path;
  }

  private literal(): Literal | undefined {
    const { scanner } = this;
    const start = scanner.at;
    const string = scanner.string();
    if (string !== undefined) return { kind: 'string', ...string };
    const number = scanner.number();
    if (number !== undefined) return toNumber(number);
    if (scanner.takes('[')) {
      const elements = this.list(']');
      return { kind: 'array', elements, start, end: scanner.lastEnd };
    }
    if (scanner.takes('{')) {
      const properties = this.nested(() => this.listed('}', () => this.property()));
      return { kind: 'object', properties, start, end: scanner.lastEnd };
    }
    const before = scanner.at;
    const word = scanner.identifier();
    if (word === undefined) return undefined;
    if (CONSTANTS.has(word.name)) return { kind: 'constant', value: CONSTANTS.get(word.name)!, start, end: word.end };
    scanner.at = before;
    return undefined;
  }

  private property(): Property {
    const { scanner } = this;
    const string = scanner.string();
    const key: Key | undefined =
      string === undefined ? scanner.identifier() : { name: string.value, start: string.start, end: string.end };
    if (key === undefined) return scanner.fail(`Expected a property's name but found ${scanner.describeNext()}`);
    if (!scanner.takes(':')) {
      return scanner.fail(`Expected ":" behind "${key.name}" but found ${scanner.describeNext()}`);
    }
    return { key, value: this.expression() };
  }

  private listed<Item>(closing: string, parse: () => Item): Item[] {
    const { scanner } = this;
    const items: Item[] = [];
    while (!scanner.takes(closing)) {
      items.push(parse());
      if (scanner.takes(',') || scanner.sees(closing)) continue;
      scanner.fail(`Expected "," or "${closing}" but found ${scanner.describeNext()}`);
    }
    return items;
  }
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function toNumber({
  text,
  start,
  end,
}: {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}): Literal {
  const written = text.replace(/\s/g, '');
  const integer = /^-?[0-9]+$/.test(written);
  const number = Number(written);
  const value = integer && !Number.isSafeInteger(number) ? BigInt(written) : number === 0 ? 0 : number;
  return { kind: 'number', value, text: written, start, end };
}
