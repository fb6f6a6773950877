import SwaggerParser from '@apidevtools/swagger-parser';

import { Failure } from '../Failure.js';
import type { OpenapiDocument } from './OpenapiDocument.js';

/**
 * Reads and validates an OpenAPI document from a file, JSON or YAML. References to other files are put into it; those to URLs are refused:
 * an import asks nobody.
 *
 * Throws a Failure.
 */
export async function readOpenapi(file: string): Promise<OpenapiDocument> {
  const options = { resolve: { http: false as const } };
  try {
    const document = await SwaggerParser.bundle(file, options);
    if (!('openapi' in document) || !/^3\.[01]\./.test(document.openapi)) {
      throw new Failure([
        `${file} is no OpenAPI 3.0 or 3.1 document`,
        'Swagger 2.0 can be converted with swagger2openapi',
      ]);
    }
    await SwaggerParser.validate(structuredClone(document), options);
    return document as unknown as OpenapiDocument;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const lines = message.split('\n').slice(0, 20);
    throw new Failure([`${file} cannot be imported: ${lines[0]}`, ...lines.slice(1)]);
  }
}
