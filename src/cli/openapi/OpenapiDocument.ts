import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { partAt, referenceSteps } from '../../upstream/rest/openapi/reference.js';

/** The parts of an OpenAPI 3.0 or 3.1 document that the import reads. Validated, but any of it may be missing. */
export interface OpenapiDocument {
  readonly openapi: string;
  readonly info?: { readonly title?: string; readonly version?: string };
  readonly servers?: readonly ServerObject[];
  readonly paths?: Readonly<Record<string, PathItem | undefined>>;
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, SecurityScheme | Reference>> };
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface ServerObject {
  readonly url: string;
  readonly variables?: Readonly<Record<string, { readonly default: string }>>;
}

export interface Reference {
  readonly $ref: string;
}

export interface PathItem extends Readonly<Partial<Record<(typeof HTTP_METHODS)[number], Operation>>> {
  readonly parameters?: readonly (Parameter | Reference)[];
}

export const HTTP_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: RequestBody | Reference;
  readonly responses?: Readonly<Record<string, Response | Reference>>;
  readonly security?: OpenapiDocument['security'];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly description?: string;
  readonly required?: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  readonly schema?: Schema | Reference;
}

export interface RequestBody {
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface Response {
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface MediaType {
  readonly schema?: Schema | Reference;
}

export interface Schema {
  readonly $ref?: undefined;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema | Reference;
  readonly properties?: Readonly<Record<string, Schema | Reference>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly (Schema | Reference)[];
  readonly oneOf?: readonly (Schema | Reference)[];
  readonly anyOf?: readonly (Schema | Reference)[];
  readonly nullable?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
}

export interface SecurityScheme {
  readonly type: string;
  readonly in?: string;
  readonly name?: string;
  readonly scheme?: string;
}

/** A part of the document, and the name that a reference called it by. */
export interface Resolved<Value> {
  readonly value: Value;
  readonly name: string | undefined;
}

/** Follows references within the document (`#/components/schemas/Pet`). Undefined for one that leads nowhere, or round in a circle. */
export function resolve<Value extends object>(
  document: OpenapiDocument,
  part: Value | Reference,
): Resolved<Value> | undefined {
  let value: unknown = part;
  let name: string | undefined;
  for (let hops = 0; hops < 20; hops++) {
    if (!isJsonObject(value)) return undefined;
    const reference = value['$ref'];
    if (typeof reference !== 'string') return { value: value as Value, name };
    const steps = referenceSteps(reference);
    name = steps.at(-1);
    value = partAt(document, steps);
  }
  return undefined;
}
