import { z } from 'zod';

import { cookieName, filePath, forwardableName, headerName, httpUrl, text, urlPath } from '../values/text.js';

const DEFAULT_GROUP = 'default';

const groupName = () =>
  z
    .string()
    .regex(/^[A-Za-z][\w-]{0,63}$/)
    .meta({ must: 'be a name of letters, digits, - and _ that starts with a letter' });

const endpoint = z.strictObject({
  url: httpUrl().meta({ description: 'Where the endpoint is.', examples: ['http://products-1:4002/graphql'] }),
  weight: z
    .int()
    .min(1)
    .max(1000)
    .meta({ description: 'Its share of the calls, relative to the others. Default 1.', examples: [3] })
    .optional(),
  group: groupName()
    .meta({
      description:
        'The group that `routing` sends calls to. Default: `default`, for all calls that no rule sends elsewhere.',
      examples: ['canary'],
    })
    .optional(),
});

const valued = (name: z.ZodType<string, string>, what: string, example: string) =>
  z
    .strictObject({
      name: name.meta({ ...z.globalRegistry.get(name), description: 'Its name.', examples: [example] }),
      value: text()
        .meta({ description: 'Its whole value. Default: any.', examples: ['beta'] })
        .optional(),
    })
    .meta({ description: what });

const match = z
  .strictObject({
    header: valued(headerName(), 'A header of the client.', 'x-canary').optional(),
    cookie: valued(cookieName(), 'A cookie of the client.', 'beta').optional(),
    claim: valued(text(), 'A verified claim; in a list any item counts.', 'plan').optional(),
    operations: z
      .array(text())
      .min(1)
      .meta({
        description: "Names of the client's operations.",
        examples: [['ProductList']],
        must: 'be a list of at least one name',
      })
      .optional(),
    path: urlPath()
      .meta({ description: 'The path of the request.', examples: ['/graphql'] })
      .optional(),
    query: valued(text(), 'A parameter of the query string.', 'version').optional(),
  })
  .refine((value) => Object.values(value).some((each) => each !== undefined))
  .meta({
    must: 'be a map with at least one of header, cookie, claim, operations, path, query',
    description: 'What a request must be like; all that is said must hold. Without it: every request.',
  });

const rule = z
  .strictObject({
    match: match.optional(),
    group: groupName()
      .meta({ description: 'The group that gets such requests.', examples: ['canary'] })
      .optional(),
    split: z
      .record(groupName(), z.number().min(0).max(100))
      .meta({
        description:
          'Percent of such requests by group; the rest goes to `default`. Somebody stays in one group: the known by who they are, the anonymous by address.',
        examples: [{ canary: 10 }],
      })
      .optional(),
  })
  .superRefine(({ group, split }, context) => {
    if ((group === undefined) === (split === undefined)) {
      const has = group === undefined ? 'has none' : 'has both';
      context.addIssue({ code: 'custom', message: `needs exactly one of group and split, and ${has}` });
    }
    const sum = Object.values(split ?? {}).reduce((total, share) => total + share, 0);
    if (sum > 100) context.addIssue({ code: 'custom', path: ['split'], message: `adds up to ${sum} percent` });
  });

const hmac = z
  .strictObject({
    secret: z
      .string()
      .min(16)
      .meta({
        must: 'be a secret of at least 16 characters',
        description: 'What both sides know. Keep it out of the file: `${file:…}` or `${VAR}`.',
        examples: ['${file:/run/secrets/products-hmac}'],
      }),
    algorithm: z
      .enum(['sha256', 'sha512'])
      .meta({ description: 'The hash function.', examples: ['sha512'] })
      .default('sha256'),
    header: forwardableName()
      .meta({ description: 'The header that carries the signature.', examples: ['x-gateway-signature'] })
      .prefault('x-portico-signature'),
  })
  .meta({
    description:
      'Signs the body of each call, so that the subgraph can tell that it comes from this gateway: `t=<seconds since 1970>,v1=<HMAC in hex>` over `<t>.<body>`.',
  });

/** What differs between environments, by subgraph. */
export const subgraphs = z
  .record(
    text(),
    z
      .strictObject({
        url: httpUrl()
          .meta({
            description: 'Where the subgraph is called, instead of the URL in the supergraph.',
            examples: ['http://accounts.staging:4001/graphql'],
          })
          .optional(),
        urls: z
          .array(endpoint)
          .min(1)
          .meta({
            must: 'be a list of at least one endpoint',
            description:
              'Several places where the subgraph is called, instead of `url`. See `traffic_shaping.all.load_balancing`.',
          })
          .optional(),
        routing: z
          .array(rule)
          .meta({
            description:
              'Which requests go to which group of `urls` (canary, A/B). The first rule that fits decides; no rule: group `default`.',
          })
          .optional(),
        hmac: hmac.optional(),
        module: filePath()
          .meta({
            description:
              'A module whose default export is `defineRestSubgraph(…)`: the subgraph is answered in this process, by resolvers that call its REST service. It runs with all rights of the gateway. See docs/rest.md.',
            examples: ['./stock.js'],
          })
          .optional(),
      })
      .superRefine(checkEndpoints),
  )
  .meta({ description: 'What this environment says about a subgraph of the supergraph, by name.' })
  .prefault({});

interface Said {
  readonly url?: string | undefined;
  readonly urls?: ReadonlyArray<{ readonly url: string; readonly group?: string | undefined }> | undefined;
  readonly routing?:
    | ReadonlyArray<{
        readonly group?: string | undefined;
        readonly split?: Readonly<Record<string, number>> | undefined;
      }>
    | undefined;
}

function checkEndpoints({ url, urls, routing }: Said, context: z.core.$RefinementCtx<unknown>): void {
  const issue = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (url !== undefined && urls !== undefined) issue(['urls'], 'and url both say where the subgraph is: leave one out');
  if (routing !== undefined && urls === undefined) issue(['routing'], 'needs urls: there is nothing to choose from');
  if (urls === undefined) return;
  const seen = new Map<string, number>();
  urls.forEach((each, at) => {
    const first = seen.get(each.url);
    if (first === undefined) seen.set(each.url, at);
    else issue(['urls', at, 'url'], `is there twice: give urls[${first}] more weight instead`);
  });
  const groups = new Set(urls.map(({ group = DEFAULT_GROUP }) => group));
  if (!groups.has(DEFAULT_GROUP))
    issue(['urls'], `has no endpoint in the group ${DEFAULT_GROUP}, where all other calls go`);
  const named = new Set([DEFAULT_GROUP]);
  routing?.forEach(({ group, split = {} }, at) => {
    if (group !== undefined && !groups.has(group))
      issue(['routing', at, 'group'], `names a group that no endpoint of urls is in`);
    for (const name of Object.keys(split)) {
      if (!groups.has(name)) issue(['routing', at, 'split', name], `names a group that no endpoint of urls is in`);
      named.add(name);
    }
    if (group !== undefined) named.add(group);
  });
  urls.forEach(({ group = DEFAULT_GROUP }, at) => {
    if (!named.has(group)) issue(['urls', at, 'group'], 'gets no calls: no rule of routing names this group');
  });
}
