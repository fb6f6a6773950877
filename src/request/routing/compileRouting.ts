import { randomBytes } from 'node:crypto';

import { hash32 } from '../../base/kit/hash32.js';
import type { CallRoute } from '../../upstream/SubgraphClient.js';

import { compileMatch } from './matchRequest.js';
import type { Matches, RoutedRequest } from './matchRequest.js';
import { readCookie } from './readCookie.js';
import type { AffinitySource, RoutingRule, SubgraphRouting } from './RoutingRule.js';

/** Where the calls of one request go. */
export interface RequestRoutes {
  /** What the rules have decided, as text: identical queries of two requests may share one execution when it is equal. */
  readonly key: string;
  /** Undefined for a subgraph without rules and affinity. */
  routeFor(subgraph: string): CallRoute | undefined;
}

/** Decides where the calls of a request go: once per request and subgraph, and never again. */
export type RouteRequest = (request: RoutedRequest) => RequestRoutes;

interface Compiled {
  readonly subgraph: string;
  readonly choose: (request: RoutedRequest) => string | undefined;
  readonly affinity: AffinitySource | undefined;
}

/**
 * Compiles the routing of all subgraphs that have any.
 *
 * @param random for the share of a request that nothing is known of
 * @returns undefined when there is none: then nothing is done per request
 */
export function compileRouting(
  bySubgraph: ReadonlyMap<string, SubgraphRouting>,
  random: () => number = Math.random,
): RouteRequest | undefined {
  const compiled: Compiled[] = [];
  for (const [subgraph, { rules, affinity }] of bySubgraph) {
    if (rules.length === 0 && affinity === undefined) continue;
    compiled.push({ subgraph, choose: compileRules(subgraph, rules, random), affinity });
  }
  if (compiled.length === 0) return undefined;

  return (request) => {
    const groups = compiled.map(({ choose }) => choose(request));
    const routes = new Map<string, CallRoute>();
    const issued = new Map<string, string>();
    return {
      key: groups.some((group) => group !== undefined) ? JSON.stringify(groups) : '',
      routeFor(subgraph) {
        const known = routes.get(subgraph);
        if (known !== undefined) return known;
        const at = compiled.findIndex((each) => each.subgraph === subgraph);
        if (at < 0) return undefined;
        const route: CallRoute = { group: groups[at], affinity: affinityOf(compiled[at]!.affinity, request, issued) };
        routes.set(subgraph, route);
        return route;
      },
    };
  };
}

function compileRules(
  subgraph: string,
  rules: readonly RoutingRule[],
  random: () => number,
): (request: RoutedRequest) => string | undefined {
  const seed = hash32(subgraph);
  const compiled = rules.map(
    ({ match, group, split = {} }): { matches: Matches; shares: ReadonlyArray<readonly [string, number]> } => ({
      matches: compileMatch(match),
      shares: group === undefined ? Object.entries(split) : [[group, 100]],
    }),
  );
  return (request) => {
    const rule = compiled.find(({ matches }) => matches(request));
    if (rule === undefined) return undefined;
    const [first] = rule.shares;
    if (first?.[1] === 100) return first[0];
    // The same place for the same person, whatever the percentages are: who is among 10 of 100 is also among 20.
    let place = placeOf(request, seed, random);
    for (const [group, share] of rule.shares) {
      if (place < share) return group;
      place -= share;
    }
    return undefined;
  };
}

/** From 0 to 100, by who it is: the same for all tokens of one person; by address for the anonymous. */
function placeOf({ context }: RoutedRequest, seed: number, random: () => number): number {
  const { kind, issuer, subject } = context.identity;
  const who = subject === undefined ? context.clientIp : JSON.stringify([kind, issuer, subject]);
  return who === undefined ? random() * 100 : (hash32(who, seed) / 2 ** 32) * 100;
}

/** A cookie is issued at most once per request, and only when a call goes by it. */
function affinityOf(
  source: AffinitySource | undefined,
  { context }: RoutedRequest,
  issued: Map<string, string>,
): string | undefined {
  switch (source?.kind) {
    case undefined:
      return undefined;
    case 'ip':
      return context.clientIp;
    case 'header':
      return context.header(source.name);
    case 'cookie': {
      const sent = readCookie(context.header('cookie'), source.name) ?? issued.get(source.name);
      if (sent !== undefined) return sent;
      const fresh = randomBytes(12).toString('base64url');
      issued.set(source.name, fresh);
      context.answerHeaders.push(['set-cookie', `${source.name}=${fresh}; Path=/; HttpOnly; SameSite=Lax`]);
      return fresh;
    }
  }
}
