import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';

import { mediaTypeOf } from '../../../base/kit/httpText.js';
import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { OpenapiResponses } from './loadOpenapi.js';
import { partAt, referenceSteps } from './reference.js';
import { toJsonSchema } from './toJsonSchema.js';

/** An answer, held against a document. */
export interface AnsweredRequest {
  readonly method: string;
  /** Below the base URL, without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | undefined;
  /** JSON, read. */
  readonly body: unknown;
}

/** Says what of an answer is not as the document has it; undefined when all is. Names places and rules, no values. */
export type ResponseCheck = (answer: AnsweredRequest) => string | undefined;

/** Mistakes of one answer that are told. */
const MAX_TOLD = 3;

/**
 * Compiles the responses of an OpenAPI 3.0 or 3.1 document into a check. Bodies of other types than JSON are not looked into; of failures
 * only those are looked at that the document knows. Schemas are compiled when an answer needs them.
 */
export function compileResponseCheck(document: OpenapiResponses): ResponseCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false, logger: false });
  ajv.addSchema(toJsonSchema(document), 'openapi', false, false);
  const routes = routesOf(document);
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    let known = compiled.get(pointer);
    if (known === undefined) compiled.set(pointer, (known = ajv.compile({ $ref: `openapi#${pointer}` })));
    return known;
  };
  return ({ method, path, status, contentType, body }) => {
    const key = method.toLowerCase();
    const route = routes.find((each) => each.pattern.test(path) && isJsonObject(each.item[key]));
    if (route === undefined) return `${method} ${path} is not in the document`;
    const what = `${method} ${route.template} ${status}`;
    const found = responseOf(document, route.item[key], `/paths/${escape(route.template)}/${key}`, status);
    if (found === undefined) return status >= 300 ? undefined : `${what}: the document does not know this status`;
    const { content, pointer } = found;
    if (!isJsonObject(content)) return undefined;
    const media = mediaOf(content, contentType);
    if (media === undefined)
      return body === null ? undefined : `${what}: no body of this content type is in the document`;
    if (!/[/+]json$/.test(mediaTypeOf(contentType))) return undefined;
    const described = content[media];
    if (!isJsonObject(described) || described['schema'] === undefined) return undefined;
    const validate = validatorAt(`${pointer}/content/${escape(media)}/schema`);
    if (validate(withNumbers(body))) return undefined;
    const mistakes = (validate.errors ?? []).slice(0, MAX_TOLD);
    return `${what}: ${mistakes.map(({ instancePath, message }) => `${instancePath || 'the body'} ${message}`).join('; ')}`;
  };
}

interface Route {
  readonly template: string;
  readonly pattern: RegExp;
  readonly item: Readonly<Record<string, unknown>>;
}

/** Those with fewer holes first: `/items/new` goes before `/items/{sku}`. */
function routesOf({ paths = {} }: OpenapiResponses): readonly Route[] {
  return Object.entries(paths)
    .flatMap(([template, item]) => {
      if (item === undefined) return [];
      const parts = template.split(/\{[^}]*\}/).map((text) => text.replace(/[.*+?^$()|[\]\\{}]/g, String.raw`\$&`));
      return [{ template, item, holes: parts.length, pattern: new RegExp(`^${parts.join('[^/]*')}/?$`) }];
    })
    .toSorted((a, b) => a.holes - b.holes);
}

/** What the document has for a status, references followed, and where. */
function responseOf(
  document: OpenapiResponses,
  operation: unknown,
  pointer: string,
  status: number,
): { readonly content: unknown; readonly pointer: string } | undefined {
  const responses = isJsonObject(operation) ? operation['responses'] : undefined;
  if (!isJsonObject(responses)) return undefined;
  const key = [String(status), `${Math.floor(status / 100)}XX`, `${Math.floor(status / 100)}xx`, 'default'].find(
    (each) => Object.hasOwn(responses, each),
  );
  if (key === undefined) return undefined;
  let at = `${pointer}/responses/${key}`;
  let response = responses[key];
  for (let hops = 0; hops < 20 && isJsonObject(response) && typeof response['$ref'] === 'string'; hops++) {
    at = response['$ref'].replace(/^#/, '');
    response = partAt(document, referenceSteps(response['$ref']));
  }
  return isJsonObject(response) ? { content: response['content'], pointer: at } : undefined;
}

/** The name of the media type in the document that says most about a content type. */
function mediaOf(content: Readonly<Record<string, unknown>>, contentType: string | undefined): string | undefined {
  const type = mediaTypeOf(contentType);
  const names = Object.keys(content);
  return [type, `${type.split('/', 1)[0]}/*`, '*/*'].flatMap(
    (wanted) => names.find((name) => mediaTypeOf(name) === wanted) ?? [],
  )[0];
}

/** Integers that are too large for a number are held as bigint; to a schema they are numbers. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withNumbers(part)]));
}

/** RFC 6901, in a URI fragment. */
function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
