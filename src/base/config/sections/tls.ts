import { z } from 'zod';

import { filePath, hostName, text } from '../values/text.js';

const shape = {
  ca: filePath()
    .meta({
      description: "Certificates of the authorities to trust (PEM), instead of the system's.",
      examples: ['./tls/internal-ca.pem'],
    })
    .optional(),
  certificate: filePath()
    .meta({
      description: "The gateway's own certificate for mutual TLS (PEM, with its chain).",
      examples: ['./tls/gateway.pem'],
    })
    .optional(),
  key: filePath()
    .meta({ description: 'The key of `certificate` (PEM).', examples: ['./tls/gateway-key.pem'] })
    .optional(),
  min_version: z
    .enum(['1.2', '1.3'])
    .meta({ description: 'The least version of TLS. Default 1.2.', examples: ['1.3'] })
    .optional(),
};

const check = (
  { certificate, key }: { readonly certificate?: string | undefined; readonly key?: string | undefined },
  context: z.core.$RefinementCtx<unknown>,
): void => {
  if ((certificate === undefined) === (key === undefined)) return;
  const [there, missing] = certificate === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
  context.addIssue({ code: 'custom', path: [there], message: `needs ${missing} beside it` });
};

/** Keys and authorities. */
export const tls = z
  .strictObject({
    client: z
      .strictObject({
        all: z
          .strictObject(shape)
          .superRefine(check)
          .meta({ description: 'Connections to every subgraph with an https URL.' })
          .prefault({}),
        subgraphs: z
          .record(
            text(),
            z
              .strictObject({
                ...shape,
                server_name: hostName()
                  .meta({
                    description: "The name that the subgraph's certificate must have. Default: the host of its URL.",
                    examples: ['products.internal'],
                  })
                  .optional(),
              })
              .superRefine(check),
          )
          .meta({ description: 'Connections to one subgraph, by name: what differs from `all`.' })
          .prefault({}),
      })
      .meta({
        description:
          'TLS to subgraphs. Certificates are always verified: a self-signed one is named as `ca`, another name as `server_name`. Files are read again when they change.',
      })
      .prefault({}),
  })
  .meta({ description: 'Keys and authorities for TLS.' })
  .prefault({});
