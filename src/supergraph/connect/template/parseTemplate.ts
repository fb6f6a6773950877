import type { ConnectVersion } from '../mapping/Mapping.js';
import type { Parsed } from '../mapping/MappingProblem.js';
import { SyntaxProblem, parsed, problemAt } from '../mapping/MappingProblem.js';
import type { ParseOptions } from '../mapping/parseSelection.js';
import { parseSelection } from '../mapping/parseSelection.js';
import type { Template, TemplateHole, TemplatePart } from './Template.js';

/** Nobody writes more into one template. */
const MAX_HOLES = 200;

/**
 * Reads a template: the value of a header, a URL. Braces and quotes within a mapping are understood; a brace outside of one cannot be written.
 */
export function parseTemplate(text: string, { specVersion = '0.3' }: ParseOptions = {}): Parsed<Template> {
  return parsed(() => ({ text, parts: templateParts(text, specVersion) }));
}

/** Throws a SyntaxProblem. */
export function templateParts(text: string, specVersion: ConnectVersion): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', from)) {
    if (at > from) parts.push({ kind: 'text', text: text.slice(from, at), start: from, end: at });
    const end = closingBrace(text, at);
    parts.push(hole(text, at + 1, end, specVersion));
    if (parts.length > MAX_HOLES * 2) throw problem(text, at, `A template may have ${MAX_HOLES} holes`);
    from = end + 1;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from), start: from, end: text.length });
  const stray = parts.find((part) => part.kind === 'text' && part.text.includes('}'));
  if (stray?.kind === 'text') throw problem(text, stray.start + stray.text.indexOf('}'), 'This "}" has no "{"');
  return parts;
}

/** Braces in strings and comments of the mapping do not count. */
function closingBrace(text: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < text.length; at++) {
    const character = text[at]!;
    if (character === '{') depth++;
    else if (character === '}') {
      if (--depth === 0) return at;
    } else if (character === '"' || character === "'") {
      at = closingQuote(text, at, character);
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    }
  }
  throw problem(text, opening, 'This "{" has no "}"');
}

function closingQuote(text: string, opening: number, quote: string): number {
  for (let at = opening + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  throw problem(text, opening, 'This string has no end');
}

function hole(text: string, start: number, end: number, specVersion: ConnectVersion): TemplateHole {
  const inside = text.slice(start, end);
  const result = parseSelection(inside, { specVersion });
  if (!result.ok) {
    const { problem: inner } = result;
    const span = { start: start + inner.start, end: start + inner.end };
    throw new SyntaxProblem(problemAt(text, span, inner.message));
  }
  const mapping = result.value;
  if (mapping.root.kind === 'set') {
    const message =
      inside.trim() === ''
        ? 'Nothing is in these braces'
        : 'A template needs one value here, such as {$args.id}, not fields';
    throw new SyntaxProblem(problemAt(text, { start, end }, message));
  }
  return { kind: 'hole', mapping, start, end };
}

export function problem(text: string, at: number, message: string): SyntaxProblem {
  return new SyntaxProblem(problemAt(text, { start: at, end: Math.min(at + 1, text.length) }, message));
}
