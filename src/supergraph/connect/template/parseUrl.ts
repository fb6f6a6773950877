import type { Parsed } from '../mapping/MappingProblem.js';
import { parsed } from '../mapping/MappingProblem.js';
import type { ParseOptions } from '../mapping/parseSelection.js';
import { isDotSegment } from './isDotSegment.js';
import { problem, templateParts } from './parseTemplate.js';
import type { QueryTemplate, TemplatePart, UrlTemplate } from './Template.js';

/**
 * Reads the template of a URL: `/products/{$args.id}?lang={$config.lang}`, or with a host: `https://api.example.com/v1`.
 *
 * Scheme, host and port are written out, so that no value can choose where a request goes (SSRF). Refused: other schemes, credentials,
 * fragments, backslashes, segments `.` and `..`. Line breaks and tabs are left out: they arrange long templates. What a URL cannot hold is
 * percent-encoded; `%41` stays as it is.
 */
export function parseUrl(text: string, { specVersion = '0.3' }: ParseOptions = {}): Parsed<UrlTemplate> {
  return parsed(() => {
    const parts = withoutBreaks(templateParts(text, specVersion));
    refuseStrange(text, parts);
    const { origin, rest } = takeOrigin(text, parts);
    const [path, query] = splitOnce(rest, '?');
    const segments = split(path, '/').map((segment) => encodeTexts(segment, SEGMENT_SAFE));
    refuseDots(text, segments);
    // What stands before the first slash: nothing, or the first segment of a path that does not begin with one.
    if (segments[0]!.length === 0) segments.shift();
    return { text, origin, segments, query: query === undefined ? [] : readQuery(query) };
  });
}

type Parts = readonly TemplatePart[];

const ORIGIN = /^(https?):\/\/([^/?#\\]*)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:|^\/\//i;
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i;

/** Characters that stand for themselves (RFC 3986, `pchar` and `query`), and what is percent-encoded already. */
const SEGMENT_SAFE = /[^A-Za-z0-9\-._~!$&'()*+,;=:@%]|%(?![0-9A-Fa-f]{2})/gu;
const QUERY_SAFE = /[^A-Za-z0-9\-._~!$'()*+,;:@%/?]|%(?![0-9A-Fa-f]{2})/gu;

function withoutBreaks(parts: Parts): Parts {
  const kept = parts.map((part) =>
    part.kind === 'text' ? { ...part, text: part.text.replace(/[\t\n\f\r]/g, '') } : part,
  );
  const [first] = kept;
  if (first?.kind === 'text') kept[0] = { ...first, text: first.text.trimStart() };
  const last = kept.at(-1);
  if (last?.kind === 'text') kept[kept.length - 1] = { ...last, text: last.text.trimEnd() };
  return kept.filter((part) => part.kind === 'hole' || part.text !== '');
}

function refuseStrange(text: string, parts: Parts): void {
  for (const part of parts) {
    if (part.kind !== 'text') continue;
    const found = /[#\\\p{Cc}]|\p{Surrogate}/u.exec(part.text)?.[0];
    if (found === undefined) continue;
    const at = text.indexOf(found, part.start);
    if (found === '#') throw problem(text, at, 'A request has no fragment: leave "#…" out, or write %23');
    throw problem(text, at, found === '\\' ? 'A URL has no backslashes' : 'This character cannot be in a URL');
  }
}

function takeOrigin(text: string, parts: Parts): { readonly origin: string | undefined; readonly rest: Parts } {
  const [first, ...others] = parts;
  if (first?.kind !== 'text') return { origin: undefined, rest: parts };
  const found = ORIGIN.exec(first.text);
  if (found === null) {
    if (SCHEME.test(first.text)) throw problem(text, first.start, 'A URL begins with http://, https:// or its path');
    return { origin: undefined, rest: parts };
  }
  const [whole, scheme = '', host = ''] = found;
  const remaining = first.text.slice(whole.length);
  if (host.includes('@')) throw problem(text, first.start, 'Credentials do not belong into a URL: send a header');
  if (remaining === '' && others.length > 0) {
    throw problem(text, others[0]!.start, 'The host must be written out and end with "/": no value can be part of it');
  }
  const origin = `${scheme.toLowerCase()}://${host}`;
  if (!HOST.test(host) || !URL.canParse(origin)) throw problem(text, first.start, `"${host.slice(0, 100)}" is no host`);
  return { origin: new URL(origin).origin, rest: [{ ...first, text: remaining }, ...others] };
}

function readQuery(parts: Parts): readonly QueryTemplate[] {
  return split(parts, '&')
    .filter((pair) => pair.length > 0)
    .map((pair) => {
      const [name, value] = splitOnce(pair, '=');
      return { name: encodeTexts(name, QUERY_SAFE), value: value && encodeTexts(value, QUERY_VALUE_SAFE) };
    });
}

/** In a value, `=` stands for itself. */
const QUERY_VALUE_SAFE = new RegExp(QUERY_SAFE.source.replace(';:', ';:='), 'gu');

function encodeTexts(parts: Parts, unsafe: RegExp): Parts {
  return parts.map((part) =>
    part.kind === 'hole'
      ? part
      : { ...part, text: part.text.replace(unsafe, (character) => encodeURIComponent(character)) },
  );
}

function refuseDots(text: string, segments: readonly Parts[]): void {
  for (const segment of segments) {
    const [only] = segment;
    if (segment.length === 1 && only!.kind === 'text' && isDotSegment(only!.text)) {
      throw problem(text, only!.start, `A path has no segment "${only!.text}"`);
    }
  }
}

function split(parts: Parts, separator: string): TemplatePart[][] {
  const groups: TemplatePart[][] = [[]];
  for (const part of parts) {
    if (part.kind === 'hole') {
      groups.at(-1)!.push(part);
      continue;
    }
    for (const [index, piece] of part.text.split(separator).entries()) {
      if (index > 0) groups.push([]);
      if (piece !== '') groups.at(-1)!.push({ ...part, text: piece });
    }
  }
  return groups;
}

function splitOnce(parts: Parts, separator: string): readonly [before: Parts, after: Parts | undefined] {
  const index = parts.findIndex((part) => part.kind === 'text' && part.text.includes(separator));
  const part = parts[index];
  if (part?.kind !== 'text') return [parts, undefined];
  const at = part.text.indexOf(separator);
  const [before, after] = [part.text.slice(0, at), part.text.slice(at + separator.length)];
  const some = (text: string): Parts => (text === '' ? [] : [{ ...part, text }]);
  return [
    [...parts.slice(0, index), ...some(before)],
    [...some(after), ...parts.slice(index + 1)],
  ];
}
