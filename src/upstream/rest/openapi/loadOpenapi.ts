import SwaggerParser from '@apidevtools/swagger-parser';

/** The parts of an OpenAPI 3.0 or 3.1 document that say what a service answers. Validated. */
export interface OpenapiResponses {
  readonly openapi: string;
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
}

/**
 * Reads and validates an OpenAPI document from a file, JSON or YAML. References to other files are put into it; those to URLs are refused:
 * nobody is asked.
 *
 * Throws an Error that says what is wrong, on several lines where there is more.
 */
export async function loadOpenapi(file: string): Promise<OpenapiResponses> {
  const options = { resolve: { http: false as const } };
  const document = await SwaggerParser.bundle(file, options);
  if (!('openapi' in document) || !/^3\.[01]\./.test(document.openapi)) {
    throw new Error(`${file} is no OpenAPI 3.0 or 3.1 document\nSwagger 2.0 can be converted with swagger2openapi`);
  }
  await SwaggerParser.validate(structuredClone(document), options);
  return document as unknown as OpenapiResponses;
}
