import { z } from 'zod';

import { duration, size } from '../values/quantity.js';
import { network, text } from '../values/text.js';

/** The paths that the gateway answers itself. */
const OWN_PATHS = new Set(['/health', '/ready']);

/** A default contradicts nobody: the shorter of the two counts. */
const DEFAULT_HEADER_MS = 10_000;

/** The public listener. What needs a restart to change is in restartSettings.ts. */
export const server = z
  .strictObject({
    host: text()
      .meta({
        description: 'Address to listen on. `0.0.0.0` (or `::`) listens on all networks of the machine.',
        examples: ['0.0.0.0'],
      })
      .prefault('127.0.0.1'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .meta({ description: 'Port to listen on; 0 takes a free one.', examples: [8080] })
      .default(4000),
    path: z
      .string()
      .regex(/^\/[\w./-]*$/)
      .refine((path) => !OWN_PATHS.has(path) && !path.includes('//') && !path.split('/').includes('..'))
      .meta({
        must: 'be a path that starts with / and is neither /health nor /ready',
        description: 'Path of the GraphQL endpoint.',
        examples: ['/api/graphql'],
      })
      .prefault('/graphql'),
    workers: z
      .int()
      .min(1)
      .max(256)
      .meta({ description: 'Serving processes. One uses one core; they share the port.', examples: [4] })
      .default(1),
    header_timeout: duration({ min: '100ms', max: '5m' })
      .meta({ description: 'Time a client may take to send the head of a request.', examples: ['5s'] })
      .prefault(`${DEFAULT_HEADER_MS / 1000}s`),
    request_timeout: duration({ min: '100ms', max: '10m' })
      .meta({
        description:
          'Time a client may take to send a whole request, head and body. How long answering may take is `traffic_shaping.router.timeout`.',
        examples: ['15s'],
      })
      .prefault('30s'),
    keep_alive: duration({ min: '1s', max: '1h' })
      .meta({
        description:
          'How long an idle client connection is kept. Longer than the load balancer in front keeps it, so that the balancer closes first.',
        examples: ['75s'],
      })
      .prefault('65s'),
    max_request_body_size: size({ min: '1KB', max: '100MB' })
      .meta({ description: 'Largest request body; larger ones are refused with 413.', examples: ['500KB'] })
      .prefault('2MB'),
    max_header_size: size({ min: '1KiB', max: '1MiB' })
      .meta({
        description: 'Largest request head, all headers together; larger ones are refused with 431.',
        examples: ['32KiB'],
      })
      .prefault('16KiB'),
    trusted_proxies: z
      .array(network())
      .meta({
        description:
          'Proxies in front whose word counts: about the address of the client (`forwarded_header`), and about who it is (`authentication.trusted_headers`). Takes effect with a reload.',
        examples: [['10.0.0.0/8', '127.0.0.1']],
      })
      .prefault([]),
    forwarded_header: z
      .enum(['x-forwarded-for', 'forwarded'])
      .meta({
        description:
          'The header in which trusted proxies tell the address of the client: the rightmost one that is not of a trusted proxy counts. The other header is not looked at. Takes effect with a reload.',
        examples: ['forwarded'],
      })
      .default('x-forwarded-for'),
  })
  .superRefine(({ header_timeout, request_timeout }, context) => {
    if (header_timeout <= request_timeout || header_timeout === DEFAULT_HEADER_MS) return;
    context.addIssue({
      code: 'custom',
      path: ['header_timeout'],
      message: 'is longer than server.request_timeout, which covers the head too',
    });
  })
  .meta({ description: 'The public listener.' })
  .prefault({});
