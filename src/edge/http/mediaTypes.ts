import { mediaTypeOf } from '../../base/kit/httpText.js';

/** What a GraphQL answer can be sent as, and whether the client asked for it by name. */
export interface AnswerType {
  readonly contentType: string;
  /**
   * The client named `application/json`. GraphQL over HTTP, "application/json": a well-formed request is then answered with 200
   * even if its document is refused. A missing `Accept` and `*` ranges keep the real status.
   */
  readonly plainJsonAsked: boolean;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

const DEFAULT: AnswerType = { contentType: JSON_TYPE, plainJsonAsked: false };
const PLAIN: AnswerType = { contentType: JSON_TYPE, plainJsonAsked: true };
const GRAPHQL: AnswerType = { contentType: GRAPHQL_TYPE, plainJsonAsked: false };

/** Clients of one kind send one `Accept`; an attacker may send many, so what is remembered is bounded in number and size. */
const MAX_REMEMBERED = 256;
const MAX_REMEMBERED_LENGTH = 512;
const remembered = new Map<string, AnswerType | undefined>();

/**
 * The media type of the answer; undefined when the client accepts none that we can give (406).
 *
 * Source: RFC 9110, 12.5.1; GraphQL over HTTP, "Accept": without preference it is `application/json`.
 */
export function chooseAnswerType(accept: string | undefined): AnswerType | undefined {
  if (accept === undefined || accept === '*/*') return DEFAULT;
  if (remembered.has(accept)) return remembered.get(accept);
  const chosen = negotiate(accept);
  if (accept.length <= MAX_REMEMBERED_LENGTH && remembered.size < MAX_REMEMBERED) remembered.set(accept, chosen);
  return chosen;
}

interface Range {
  readonly type: string;
  readonly quality: number;
  readonly position: number;
}

function negotiate(accept: string): AnswerType | undefined {
  const ranges = accept.split(',', 64).map(parseRange);
  const json = bestRange(ranges, 'application/json');
  const graphql = bestRange(ranges, 'application/graphql-response+json');
  const jsonQuality = json?.quality ?? 0;
  const graphqlQuality = graphql?.quality ?? 0;
  if (jsonQuality === 0 && graphqlQuality === 0) {
    // `multipart/mixed` alone, as clients of @defer send it, is about the parts; they are JSON.
    return ranges.some((range) => range.type === 'multipart/mixed' && range.quality > 0) ? DEFAULT : undefined;
  }
  if (graphqlQuality > jsonQuality) return GRAPHQL;
  const jsonNamed = json?.type === 'application/json';
  if (jsonQuality > graphqlQuality) return jsonNamed ? PLAIN : DEFAULT;
  const graphqlNamed = graphql?.type === 'application/graphql-response+json';
  if (graphqlNamed && jsonNamed) return graphql.position < json.position ? GRAPHQL : PLAIN;
  if (graphqlNamed) return GRAPHQL;
  return jsonNamed ? PLAIN : DEFAULT;
}

/** The most specific range that covers `type`. */
function bestRange(ranges: readonly Range[], type: string): Range | undefined {
  return (
    ranges.find((range) => range.type === type) ??
    ranges.find((range) => range.type === 'application/*') ??
    ranges.find((range) => range.type === '*/*')
  );
}

function parseRange(text: string, position: number): Range {
  const [type = '', ...parameters] = text.split(';');
  const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q=/i.test(parameter));
  const value = quality === undefined ? 1 : Number(quality.slice(2));
  return { type: type.trim().toLowerCase(), quality: value >= 0 && value <= 1 ? value : 0, position };
}

/** How the body of a request is to be read. */
export type BodyType = 'json' | 'unsupported' | 'unsupported-charset';

/**
 * Only JSON, only UTF-8. RFC 8259, 8.1: JSON on the wire is UTF-8, and decoding anything else costs time for nobody.
 */
export function bodyType(contentType: string | undefined): BodyType {
  if (contentType === 'application/json') return 'json';
  if (contentType === undefined) return 'unsupported';
  const [type = '', ...parameters] = contentType.split(';');
  const essence = type.trim().toLowerCase();
  if (essence !== 'application/json' && essence !== 'application/graphql+json') return 'unsupported';
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'charset') continue;
    const charset = value
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase();
    if (charset !== 'utf-8' && charset !== 'utf8') return 'unsupported-charset';
  }
  return 'json';
}

/** A type that a browser form can send to a foreign origin without asking first (Fetch standard, "CORS-safelisted"). */
export function isFormType(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return false;
  if (contentType === undefined) return true;
  const essence = mediaTypeOf(contentType);
  return (
    essence === 'application/x-www-form-urlencoded' ||
    essence === 'multipart/form-data' ||
    essence === 'text/plain' ||
    essence === ''
  );
}
