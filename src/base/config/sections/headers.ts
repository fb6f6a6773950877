import { z } from 'zod';

import { forwardableName, headerValue, namePattern } from '../values/text.js';
import { claimName } from './authentication/claims.js';
import { exactlyOne } from './headers/exactlyOne.js';
import { removeRule } from './headers/removeRule.js';
import { responseRule } from './headers/response.js';

const propagate = z
  .strictObject({
    named: forwardableName()
      .meta({ description: "The client's header of this name.", examples: ['authorization'] })
      .optional(),
    matching: namePattern()
      .meta({
        description:
          "All of the client's headers whose whole name matches this regular expression. Headers of the connection never do, nor do credentials in headers of their own (API keys, tokens outside of `authorization`).",
        examples: ['x-shop-.*'],
      })
      .optional(),
    rename: forwardableName()
      .meta({
        description: 'The name under which the subgraph gets it; with `named` only.',
        examples: ['x-client-authorization'],
      })
      .optional(),
    default: headerValue()
      .meta({
        description: 'Sent when the client has not sent the header; with `named` only.',
        examples: ['anonymous'],
      })
      .optional(),
  })
  .superRefine((rule, context) => {
    if (!exactlyOne(rule, ['named', 'matching'], context) || rule.matching === undefined) return;
    for (const key of ['rename', 'default'] as const) {
      if (rule[key] === undefined) continue;
      context.addIssue({ code: 'custom', path: [key], message: 'can be used with named, not with matching' });
    }
  })
  .meta({ description: 'Hands headers of the client on.' });

const insert = z
  .strictObject({
    name: forwardableName().meta({ description: 'The header to send.', examples: ['x-gateway'] }),
    value: headerValue()
      .meta({ description: 'Its value.', examples: ['${GATEWAY_SECRET}'] })
      .optional(),
    from_claim: claimName()
      .meta({
        description:
          'Its value is this claim of the identity; a list is written with commas. Not sent when there is no such claim, or when HTTP cannot carry it.',
        examples: ['email'],
      })
      .optional(),
    from_identity: z
      .enum(['subject', 'issuer', 'kind', 'scopes', 'plan', 'tenant', 'token'])
      .meta({
        description:
          'Its value is this of the identity; `token` is a JWT signed by the gateway (`authentication.identity_token`). Not sent for the anonymous, apart from `kind`.',
        examples: ['subject'],
      })
      .optional(),
    prefix: headerValue()
      .meta({ description: 'A word before the value, and a space; not with `value`.', examples: ['Bearer'] })
      .optional(),
  })
  .superRefine((rule, context) => {
    if (!exactlyOne(rule, ['value', 'from_claim', 'from_identity'], context)) return;
    if (rule.value === undefined || rule.prefix === undefined) return;
    context.addIssue({ code: 'custom', path: ['prefix'], message: 'can be written into value' });
  })
  .meta({
    description:
      "Sends a header of its own; replaces one that an earlier rule has set. **A client's header of a name that is inserted from a claim or from the identity is never forwarded**, whatever other rules say; nor is one that many servers take for it (`x_user_id` for `x-user-id`).",
  });

const remove = removeRule(forwardableName(), 'cookie', 'Takes away what earlier rules have set.');

const rule = z
  .strictObject({ propagate: propagate.optional(), insert: insert.optional(), remove: remove.optional() })
  .superRefine((value, context) => void exactlyOne(value, ['propagate', 'insert', 'remove'], context));

const rules = z
  .strictObject({
    request: z
      .array(rule)
      .meta({ description: 'The rules, in this order; a later one overrules an earlier one.' })
      .prefault([]),
    response: z
      .array(responseRule)
      .meta({
        description:
          'Rules for what clients get of the headers of answers, in this order. A rule is one of `propagate`, `insert` and `remove`.',
      })
      .prefault([]),
  })
  .meta({ description: 'Rules for calls to the subgraph.' });

/** What subgraphs get of the client's headers, and the client of theirs. */
export const headers = z
  .strictObject({
    all: rules.meta({ description: 'Rules for calls to every subgraph.' }).prefault({}),
    subgraphs: z
      .record(z.string(), rules)
      .meta({ description: 'Further rules for one subgraph, by name; they come after those of `all`.' })
      .prefault({}),
  })
  .meta({
    description:
      'Headers of calls to subgraphs and of their answers. **No header of a client is forwarded, and none of a subgraph is handed on, unless a rule says so.** A rule is one of `propagate`, `insert` and `remove`. Each header is sent once; `x-request-id` always is. Clients that share an answer get the same headers; cookies reach only the one whose request the subgraph has seen.',
  })
  .prefault({});
