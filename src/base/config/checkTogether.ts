import type { z } from 'zod';

import type { authentication } from './sections/authentication.js';
import type { demandControl } from './sections/demandControl.js';
import type { headers } from './sections/headers.js';
import type { rateLimit } from './sections/rateLimit/rateLimit.js';
import type { server } from './sections/server.js';

type Settings = {
  readonly authentication: z.output<typeof authentication>;
  readonly headers: z.output<typeof headers>;
  readonly rate_limit: z.output<typeof rateLimit>;
  readonly demand_control: z.output<typeof demandControl>;
  /** Absent in a server of the user's own. */
  readonly server?: z.output<typeof server>;
};

/** Served by the gateway whatever is configured, or where its page is. */
const OWN_PATHS = ['/', '/health', '/ready'];

/** Says where settings of different sections contradict each other. */
export function checkTogether(settings: Settings, context: z.core.$RefinementCtx<unknown>): void {
  const { authentication: who, server: listener } = settings;
  if (who.trusted_headers !== undefined && (listener === undefined || listener.trusted_proxies.length === 0)) {
    const message =
      listener === undefined
        ? 'works with portico start only: who is connected is not known here'
        : 'believes nobody while server.trusted_proxies is empty';
    context.addIssue({ code: 'custom', path: ['authentication', 'trusted_headers'], message });
  }
  const keysPath = who.identity_token?.jwks_path;
  if (keysPath !== undefined && (listener === undefined || [listener.path, ...OWN_PATHS].includes(keysPath))) {
    const message =
      listener === undefined
        ? 'works with portico start only: paths of this server are its own'
        : `is ${keysPath}, where something else is served`;
    context.addIssue({ code: 'custom', path: ['authentication', 'identity_token', 'jwks_path'], message });
  }
  settings.rate_limit.policies.forEach(({ counts }, index) => {
    if (counts !== 'cost' || settings.demand_control.enabled) return;
    const message = 'is cost, and nothing tells what operations cost: set demand_control.enabled to true';
    context.addIssue({ code: 'custom', path: ['rate_limit', 'policies', index, 'counts'], message });
  });
  if (who.identity_token !== undefined) return;
  for (const { path, rule } of rulesOf(settings.headers)) {
    if (rule.insert?.from_identity !== 'token') continue;
    const message = 'is token, and authentication.identity_token does not say how to sign one';
    context.addIssue({ code: 'custom', path: [...path, 'insert', 'from_identity'], message });
  }
}

type Rule = z.output<typeof headers>['all']['request'][number];

function rulesOf({ all, subgraphs }: Settings['headers']): { path: PropertyKey[]; rule: Rule }[] {
  const lists: [PropertyKey[], readonly Rule[]][] = [
    [['headers', 'all', 'request'], all.request],
    ...Object.entries(subgraphs).map(([name, { request }]): [PropertyKey[], readonly Rule[]] => [
      ['headers', 'subgraphs', name, 'request'],
      request,
    ]),
  ];
  return lists.flatMap(([path, rules]) => rules.map((rule, index) => ({ path: [...path, index], rule })));
}
