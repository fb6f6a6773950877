import { fieldName } from './Names.js';
import type { Operation } from './OpenapiDocument.js';

/** What an operation is called: its `operationId`, otherwise made from its path, which the note says. */
export function operationName(
  method: string,
  path: string,
  { operationId }: Operation,
): { readonly name: string; readonly note: string | undefined } {
  if (operationId !== undefined && operationId !== '') {
    const name = fieldName(operationId);
    return {
      name,
      note: name === operationId ? undefined : `the field is called ${name}, since "${operationId}" is no GraphQL name`,
    };
  }
  const segments = path.split('/').filter((segment) => segment !== '');
  const words = segments.map((segment) => (segment.includes('{') ? `by ${segment.replace(/[{}]/g, ' ')}` : segment));
  const name = fieldName([...(method === 'get' ? [] : [method]), ...words].join(' ') || 'root');
  return { name, note: `it has no operationId: the field is called ${name}` };
}
