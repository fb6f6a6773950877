import { existsSync } from 'node:fs';

import { loadOpenapi } from '../../upstream/rest/openapi/loadOpenapi.js';
import { Failure } from '../Failure.js';
import type { OpenapiDocument } from './OpenapiDocument.js';
import { messageOf } from '../../base/kit/messageOf.js';

/**
 * Reads and validates an OpenAPI document from a file, see `loadOpenapi`.
 *
 * Throws a Failure.
 */
export async function readOpenapi(file: string): Promise<OpenapiDocument> {
  if (!existsSync(file)) throw new Failure([`${file}: does not exist`]);
  try {
    // Validated: what there is has these shapes.
    return (await loadOpenapi(file)) as unknown as OpenapiDocument;
  } catch (error) {
    const [first = '', ...more] = messageOf(error).split('\n').slice(0, 20);
    throw new Failure([first.startsWith(file) ? first : `${file} cannot be imported: ${first}`, ...more]);
  }
}
