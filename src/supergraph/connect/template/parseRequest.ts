import type { ConnectVersion, Mapping } from '../mapping/Mapping.js';
import type { MappingProblem, Parsed } from '../mapping/MappingProblem.js';
import { parseSelection } from '../mapping/parseSelection.js';
import type { HeaderTemplate, HeaderTexts } from './parseHeader.js';
import { parseHeader } from './parseHeader.js';
import { parseUrl } from './parseUrl.js';
import type { UrlTemplate } from './Template.js';

/** The texts of a connector that say what is sent; a `Connector` has them. */
export interface RequestTexts {
  readonly version: ConnectVersion;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: readonly HeaderTexts[];
  readonly body: string | undefined;
  /** Mapping to a list: segments behind the path of the URL. */
  readonly path: string | undefined;
  /** Mapping to an object: parameters behind those of the URL. */
  readonly queryParams: string | undefined;
  /** What the connector's `source` names. */
  readonly restSource:
    | {
        readonly baseUrl: string;
        readonly headers: readonly HeaderTexts[];
        readonly path: string | undefined;
        readonly queryParams: string | undefined;
      }
    | undefined;
}

/** What is sent, read, in the order in which it is put together: the source's part comes first. */
export interface RequestParts {
  readonly method: RequestTexts['method'];
  /** Where the request goes. */
  readonly origin: string;
  readonly urls: readonly UrlParts[];
  /** A header of the connector takes the place of the source's of the same name. */
  readonly headers: readonly HeaderTemplate[];
  readonly body: Mapping | undefined;
}

export interface UrlParts {
  readonly url: UrlTemplate;
  readonly path: Mapping | undefined;
  readonly queryParams: Mapping | undefined;
}

/** Where the texts of a request are wrong. */
export interface RequestProblem extends MappingProblem {
  /** The argument with the text: `http.GET`, `http.headers.0.value`, with `source.` in front for those of `@source` (`source.http.baseURL`). */
  readonly argument: string;
}

/** Reads everything that says what a connector sends. All problems are reported, not the first only. */
export function parseRequest(
  texts: RequestTexts,
):
  | { readonly ok: true; readonly value: RequestParts }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] } {
  const problems: RequestProblem[] = [];
  const specVersion = texts.version;
  const take = <Value>(argument: string, result: Parsed<Value>): Value | undefined => {
    if (result.ok) return result.value;
    problems.push({ ...result.problem, argument });
    return undefined;
  };
  const mapping = (argument: string, text: string | undefined): Mapping | undefined =>
    text === undefined ? undefined : take(argument, parseSelection(text, { specVersion }));
  const headers = (prefix: string, list: readonly HeaderTexts[]): HeaderTemplate[] =>
    list.flatMap((header, index) => {
      const read = parseHeader(header, { specVersion });
      return take(`${prefix}http.headers.${index}`, read) ?? [];
    });
  const { restSource } = texts;

  const urls: UrlParts[] = [];
  if (restSource !== undefined) {
    const url = take('source.http.baseURL', parseUrl(restSource.baseUrl, { specVersion }));
    const path = mapping('source.http.path', restSource.path);
    const queryParams = mapping('source.http.queryParams', restSource.queryParams);
    if (url !== undefined) urls.push({ url, path, queryParams });
  }
  const url = take(`http.${texts.method}`, parseUrl(texts.url, { specVersion }));
  const path = mapping('http.path', texts.path);
  const queryParams = mapping('http.queryParams', texts.queryParams);
  if (url !== undefined) urls.push({ url, path, queryParams });

  const own = headers('', texts.headers);
  const names = new Set(own.map(({ name }) => name));
  const inherited = headers('source.', restSource?.headers ?? []).filter(({ name }) => !names.has(name));
  const body = mapping('http.body', texts.body);

  const origin = urls[0]?.url.origin;
  const complain = (argument: string, message: string): void => {
    problems.push({ argument, message, start: 0, end: 0, line: 1, column: 1 });
  };
  if (restSource !== undefined && url?.origin !== undefined) {
    complain(`http.${texts.method}`, 'With a source, the URL has no host of its own: write the path');
  }
  if (problems.length === 0 && origin === undefined) {
    const argument = restSource === undefined ? `http.${texts.method}` : 'source.http.baseURL';
    complain(argument, 'The URL needs http:// or https:// and a host');
  }
  if (problems.length > 0 || origin === undefined) return { ok: false, problems };
  return { ok: true, value: { method: texts.method, origin, urls, headers: [...inherited, ...own], body } };
}
