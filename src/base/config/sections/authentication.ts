import { z } from 'zod';

import { apiKeys } from './authentication/apiKeys.js';
import { external } from './authentication/external.js';
import { identityToken } from './authentication/identityToken.js';
import { introspection } from './authentication/introspection.js';
import { jwt } from './authentication/jwt.js';
import { tokenSources } from './authentication/sources.js';
import { trustedHeaders } from './authentication/trustedHeaders.js';

/** Who is asking. */
export const authentication = z
  .strictObject({
    require: z
      .boolean()
      .meta({
        description:
          'Whether every GraphQL request needs a credential. Without one it is answered with 401 then; `false` lets it in as nobody in particular. **A credential that is presented and bad is 401 either way.**',
        examples: [true],
      })
      .default(false),
    sources: tokenSources,
    jwt: jwt.optional(),
    introspection: introspection.optional(),
    api_keys: apiKeys.optional(),
    external: external.optional(),
    trusted_headers: trustedHeaders.optional(),
    identity_token: identityToken.optional(),
  })
  .superRefine((settings, context) => {
    const {
      jwt: tokens,
      introspection: opaque,
      api_keys: keys,
      external: authorizer,
      trusted_headers: trusted,
    } = settings;
    const isChecked = [tokens, opaque, keys, authorizer, trusted].some((each) => each !== undefined);
    if (settings.require && !isChecked) {
      context.addIssue({
        code: 'custom',
        path: ['require'],
        message: 'is true, and nothing says how credentials are checked: every request would be refused',
        params: { hint: 'add jwt, introspection, api_keys, external or trusted_headers' },
      });
    }
    const read = new Map<string, string>();
    if (tokens !== undefined || opaque !== undefined) {
      for (const { header } of settings.sources) if (header !== undefined) read.set(header, 'authentication.sources');
      if (settings.sources.some(({ cookie }) => cookie !== undefined)) read.set('cookie', 'authentication.sources');
    }
    const claim = (header: string, path: PropertyKey[], by: string): void => {
      const other = read.get(header);
      if (other !== undefined) {
        const message = `reads the header ${header}, which ${other} reads already: one credential would be judged twice`;
        context.addIssue({ code: 'custom', path, message });
      }
      read.set(header, by);
    };
    if (keys !== undefined) claim(keys.header, ['api_keys', 'header'], 'authentication.api_keys');
    for (const [index, header] of (authorizer?.credential_headers ?? []).entries()) {
      claim(header, ['external', 'credential_headers', index], 'authentication.external');
    }
  })
  .meta({
    description:
      'Who is asking. What is presented must be right: a bad credential is 401, never anonymous. Where several credentials are presented all of them must be right and name the same subject; the first in this order counts, and only its rights: token, API key, external authorizer, trusted headers. See docs/auth.md.',
  })
  .prefault({});
