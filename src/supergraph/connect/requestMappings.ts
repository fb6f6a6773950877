import type { Mapping } from './mapping/Mapping.js';
import type { RequestParts } from './template/parseRequest.js';
import type { TemplatePart } from './template/Template.js';

/** All mappings that a request is made from. */
export function requestMappings({ urls, headers, body }: RequestParts): readonly Mapping[] {
  const holes = (parts: readonly TemplatePart[]): Mapping[] =>
    parts.flatMap((part) => (part.kind === 'hole' ? [part.mapping] : []));
  const all = [
    ...urls.flatMap(({ url, path, queryParams }) => [
      ...url.segments.flatMap(holes),
      ...url.query.flatMap(({ name, value }) => holes([...name, ...(value ?? [])])),
      path,
      queryParams,
    ]),
    ...headers.flatMap(({ value }) => holes(value?.parts ?? [])),
    body,
  ];
  return all.filter((mapping) => mapping !== undefined);
}
