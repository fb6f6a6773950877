import { mediaTypeOf } from '../../../base/kit/httpText.js';
import { parseJson } from '../../../base/kit/json.js';
import type { BodyResult } from './BodyResult.js';
import { readXml } from './readXml.js';

/** Deeper answers are refused; mappings and projections are recursive. */
const MAX_DEPTH = 500;

/**
 * What a REST service answered, as a JSON value: JSON (`…/json`, `…+json`, or no content-type), XML (`…/xml`, `…+xml`; see `readXml`), and
 * any other text (`text/…`) as one string. null for an empty body and for content that is none of these.
 *
 * @param text the body, decoded as UTF-8; undefined when there was none
 */
export function readBody(text: string | undefined, contentType: string | undefined): BodyResult {
  if (text === undefined || text === '') return { ok: true, value: null };
  const type = mediaTypeOf(contentType);
  if (type === '' || /^[^/]+\/(?:.+\+)?json$/.test(type)) return readJson(text);
  if (/^[^/]+\/(?:.+\+)?xml$/.test(type)) return readXml(text);
  return { ok: true, value: type.startsWith('text/') ? text : null };
}

function readJson(text: string): BodyResult {
  try {
    return { ok: true, value: parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, MAX_DEPTH) };
  } catch {
    return { ok: false, message: `The answer is no JSON, or nested deeper than ${MAX_DEPTH} levels` };
  }
}
