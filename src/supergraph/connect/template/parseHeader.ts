import { CONNECTION_HEADERS } from '../../../base/kit/connectionHeaders.js';
import { TOKEN } from '../../../base/kit/httpText.js';
import type { Parsed } from '../mapping/MappingProblem.js';
import { parsed } from '../mapping/MappingProblem.js';
import type { ParseOptions } from '../mapping/parseSelection.js';
import { problem, templateParts } from './parseTemplate.js';
import type { Template } from './Template.js';

/** A header as a connector declares it: from the client's request or made from a template. */
export interface HeaderTexts {
  readonly name: string;
  readonly from: string | undefined;
  readonly value: string | undefined;
}

export interface HeaderTemplate {
  /** Lower case. */
  readonly name: string;
  /** The client's header, lower case. */
  readonly from: string | undefined;
  readonly value: Template | undefined;
}

/** They say what the body is, and so may be written, but not be made from values. */
const FIXED: ReadonlySet<string> = new Set(['accept', 'content-type']);

/**
 * Reads one header of `http: { headers: [ … ] }`. Refused: names that are none, names that belong to the connection (`host`,
 * `content-length`, …), and, for `accept` and `content-type`, anything but a text without holes.
 */
export function parseHeader(
  { name, from, value }: HeaderTexts,
  { specVersion = '0.3' }: ParseOptions = {},
): Parsed<HeaderTemplate> {
  const key = name.toLowerCase();
  return parsed(() => {
    if (!TOKEN.test(name)) throw problem(name, 0, `"${name.slice(0, 100)}" is no name of a header`);
    if (CONNECTION_HEADERS.has(key) && !FIXED.has(key))
      throw problem(name, 0, `The header "${name}" belongs to the connection`);
    if ((from === undefined) === (value === undefined)) {
      throw problem(name, 0, `The header "${name}" needs either "from" or "value"`);
    }
    if (from !== undefined) {
      if (!TOKEN.test(from)) throw problem(from, 0, `"${from.slice(0, 100)}" is no name of a header`);
      if (FIXED.has(key)) throw problem(name, 0, `The header "${name}" says what the body is: it needs a "value"`);
      return { name: key, from: from.toLowerCase(), value: undefined };
    }
    const parts = templateParts(value!, specVersion);
    for (const part of parts) {
      if (part.kind === 'hole' && FIXED.has(key)) {
        throw problem(value!, part.start, `The header "${name}" says what the body is: no value can be part of it`);
      }
      if (part.kind === 'text' && !isHeaderText(part.text)) {
        throw problem(value!, part.start, `The header "${name}" can hold printable ASCII and no line breaks`);
      }
    }
    return { name: key, from: undefined, value: { text: value!, parts } };
  });
}

/** Printable ASCII and tabs: what every HTTP client and server understands in the same way. */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}
