import { printKey } from '../../supergraph/connect/mapping/printMapping.js';
import type { ImportNotes } from './ImportNotes.js';
import { fieldName } from './Names.js';
import type { OpenapiDocument, SecurityScheme } from './OpenapiDocument.js';
import { HTTP_METHODS, resolve } from './OpenapiDocument.js';

/** What `@source` says. */
export interface SourceDraft {
  readonly name: string;
  readonly baseUrl: string;
  readonly headers: readonly { readonly name: string; readonly from?: string; readonly value?: string }[];
  readonly queryParams: string | undefined;
}

const PLACEHOLDER = 'https://api.example.com';

/** The first server of a document, and how it wants to know who asks. */
export function readSource(
  document: OpenapiDocument,
  options: { readonly name?: string | undefined; readonly url?: string | undefined },
  notes: ImportNotes,
): SourceDraft {
  const name = options.name ?? fieldName((document.info?.title ?? 'api').toLowerCase());
  const baseUrl = (options.url ?? serverUrl(document, notes)).replace(/\/+$/, '');
  const headers: SourceDraft['headers'][number][] = [];
  const parameters: string[] = [];
  for (const [called, scheme] of usedSchemes(document)) {
    const setting = `$config.${fieldName(called)}`;
    const { type, in: place, scheme: kind } = scheme;
    if (type === 'apiKey' && place === 'header' && scheme.name !== undefined) {
      headers.push({ name: scheme.name, value: `{${setting}}` });
      notes.add(`security "${called}": the header ${scheme.name} is sent from ${setting}`);
    } else if (type === 'apiKey' && place === 'query' && scheme.name !== undefined) {
      parameters.push(`${printKey(scheme.name)}: ${setting}`);
      notes.add(`security "${called}": the query parameter ${scheme.name} is sent from ${setting}`);
    } else if (type === 'http' && kind?.toLowerCase() === 'basic') {
      headers.push({ name: 'authorization', value: `Basic {${setting}}` });
      notes.add(`security "${called}": credentials in base64 are sent from ${setting}`);
    } else if (type === 'http' || type === 'oauth2' || type === 'openIdConnect') {
      headers.push({ name: 'authorization', from: 'authorization' });
      notes.add(`security "${called}": the client's header authorization is passed on`);
    } else {
      notes.add(`security "${called}": ${[type, place].filter(Boolean).join(' in ')} is not imported`);
    }
  }
  const unique = headers.filter(
    ({ name: header }, index) => headers.findIndex((each) => each.name === header) === index,
  );
  return { name, baseUrl, headers: unique, queryParams: parameters.length === 0 ? undefined : parameters.join('\n') };
}

function serverUrl({ servers = [] }: OpenapiDocument, notes: ImportNotes): string {
  const [first] = servers;
  const url = first?.url.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variables = first.variables ?? {};
    return Object.hasOwn(variables, name) ? variables[name]!.default : whole;
  });
  if (servers.length > 1) notes.add(`${servers.length} servers: the first is taken, ${url}`);
  if (url !== undefined && /^https?:\/\/[^{}]+$/i.test(url)) return url;
  const placeholder = PLACEHOLDER + (url?.startsWith('/') === true ? url : '');
  notes.add(`the document names no server with a host: the URL is ${placeholder}; choose one with --url`);
  return placeholder;
}

/** Those that the document or one of its operations asks for; all where nobody asks for any. */
function usedSchemes(document: OpenapiDocument): readonly (readonly [string, SecurityScheme])[] {
  const wanted = new Set((document.security ?? []).flatMap(Object.keys));
  for (const item of Object.values(document.paths ?? {})) {
    for (const method of HTTP_METHODS)
      for (const each of item?.[method]?.security ?? []) Object.keys(each).forEach((name) => wanted.add(name));
  }
  return Object.entries(document.components?.securitySchemes ?? {}).flatMap(([name, part]) => {
    const scheme = resolve<SecurityScheme>(document, part)?.value;
    return scheme !== undefined && wanted.has(name) ? [[name, scheme] as const] : [];
  });
}
