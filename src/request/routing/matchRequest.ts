import type { RequestContext } from '../context.js';
import { claimAt } from '../Identity.js';

import { readCookie } from './readCookie.js';
import type { Named, RequestMatch } from './RoutingRule.js';

/** What rules may read of a request. */
export interface RoutedRequest {
  readonly context: Pick<RequestContext, 'header' | 'clientIp' | 'url' | 'identity' | 'answerHeaders'>;
  readonly operationName: string | undefined;
}

export type Matches = (request: RoutedRequest) => boolean;

/** Compiles a match: all that it says must hold. */
export function compileMatch(match: RequestMatch | undefined): Matches {
  const { header, cookie, claim, operations, path, query } = match ?? {};
  const tests: Matches[] = [];
  if (header !== undefined) tests.push(({ context }) => fits(header, context.header(header.name)));
  if (cookie !== undefined) {
    tests.push(({ context }) => fits(cookie, readCookie(context.header('cookie'), cookie.name)));
  }
  if (claim !== undefined) tests.push(({ context }) => fitsClaim(claim, context.identity.claims));
  if (operations !== undefined) {
    const names = new Set(operations);
    tests.push(({ operationName }) => operationName !== undefined && names.has(operationName));
  }
  if (path !== undefined) tests.push(({ context }) => pathOf(context.url) === path);
  if (query !== undefined) {
    tests.push(({ context }) => fits(query, parametersOf(context.url).get(query.name) ?? undefined));
  }
  return (request) => tests.every((test) => test(request));
}

function fits({ value }: Named, found: string | undefined): boolean {
  return found !== undefined && (value === undefined || found === value);
}

/** The claims are the issuer's words: numbers and truth values count as their texts. */
function fitsClaim({ name, value }: Named, claims: Readonly<Record<string, unknown>>): boolean {
  const claim = claimAt(claims, name);
  if (claim === undefined || claim === null) return false;
  if (value === undefined) return true;
  const items: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return items.some((item) => ['string', 'number', 'boolean'].includes(typeof item) && String(item) === value);
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function parametersOf(url: string): URLSearchParams {
  const query = url.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : url.slice(query));
}
