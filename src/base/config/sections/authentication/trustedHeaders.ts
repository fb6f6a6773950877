import { z } from 'zod';

import { headerName } from '../../values/text.js';
import { claimName } from './claims.js';

/** Identities set by a proxy in front. */
export const trustedHeaders = z
  .strictObject({
    subject: headerName().meta({ description: 'The header that says who it is.', examples: ['x-forwarded-user'] }),
    scopes: headerName()
      .meta({ description: 'The header with the scopes, spaces between them.', examples: ['x-forwarded-scopes'] })
      .optional(),
    plan: headerName()
      .meta({ description: 'The header with the plan.', examples: ['x-forwarded-plan'] })
      .optional(),
    tenant: headerName()
      .meta({ description: 'The header with the tenant.', examples: ['x-forwarded-tenant'] })
      .optional(),
    claims: z
      .record(claimName(), headerName())
      .meta({ description: 'Further claims and their headers.', examples: [{ email: 'x-forwarded-email' }] })
      .prefault({}),
  })
  .meta({
    description:
      'Believes headers of a proxy in front that has authenticated the client. Only on connections from `server.trusted_proxies`; from anybody else these headers count as not sent.',
  });
