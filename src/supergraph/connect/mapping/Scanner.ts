import type { Key, Span } from './Mapping.js';
import { SyntaxProblem, problemAt } from './MappingProblem.js';

const IDENTIFIER = /[A-Za-z_][0-9A-Za-z_]*/y;
const NUMBER = /-?\s*(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)/y;
const SPACE = /(?:[ \t\r\n\ufeff]|#[^\n]*)+/y;

/** Reads the characters of a mapping. White space and comments (`# …`) may stand between any two tokens. */
export class Scanner {
  readonly text: string;
  /** The next character to read. */
  at = 0;
  /** Behind the last token. */
  lastEnd = 0;

  constructor(text: string) {
    this.text = text;
    this.skipSpace();
  }

  skipSpace(): void {
    SPACE.lastIndex = this.at;
    if (SPACE.test(this.text)) this.at = SPACE.lastIndex;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether `token` comes next. */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  /** Takes `token` if it comes next. */
  takes(token: string): boolean {
    if (!this.sees(token)) return false;
    this.moveTo(this.at + token.length);
    return true;
  }

  identifier(): Key | undefined {
    const found = this.match(IDENTIFIER);
    return found === undefined ? undefined : { name: found.text, start: found.start, end: found.end };
  }

  /** An identifier that follows the last token with nothing in between. */
  identifierNoSpace(): Key | undefined {
    return this.at === this.lastEnd ? this.identifier() : undefined;
  }

  get seesQuote(): boolean {
    return this.sees('"') || this.sees("'");
  }

  /** A string in single or double quotes. `\n` is a line break; a backslash before any other character means that character. */
  string(): (Span & { readonly value: string }) | undefined {
    if (!this.seesQuote) return undefined;
    const { text, at: start } = this;
    const quote = text[start]!;
    let value = '';
    let from = start + 1;
    for (let at = from; at < text.length; at++) {
      const character = text[at]!;
      if (character === quote) {
        value += text.slice(from, at);
        this.moveTo(at + 1);
        return { value, start, end: at + 1 };
      }
      if (character !== '\\') continue;
      value += text.slice(from, at);
      at++;
      if (text[at] === 'n') value += '\n';
      from = text[at] === 'n' ? at + 1 : at;
    }
    return this.fail('This string has no end', { start, end: text.length });
  }

  number(): (Span & { readonly text: string }) | undefined {
    return this.match(NUMBER);
  }

  /** What the next token looks like, for messages. */
  describeNext(): string {
    if (this.isAtEnd) return 'the end';
    IDENTIFIER.lastIndex = this.at;
    const word = IDENTIFIER.exec(this.text)?.[0];
    if (word !== undefined) return `"${word.slice(0, 50)}"`;
    return JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at)!));
  }

  fail(message: string, span: Span = this.nextSpan()): never {
    throw new SyntaxProblem(problemAt(this.text, span, message));
  }

  private nextSpan(): Span {
    return { start: this.at, end: Math.min(this.at + 1, this.text.length) };
  }

  private match(expression: RegExp): (Span & { readonly text: string }) | undefined {
    const start = this.at;
    expression.lastIndex = start;
    const text = expression.exec(this.text)?.[0];
    if (text === undefined) return undefined;
    this.moveTo(start + text.length);
    return { text, start, end: start + text.length };
  }

  private moveTo(end: number): void {
    this.at = end;
    this.lastEnd = end;
    this.skipSpace();
  }
}
