import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { cookieName, headerName, urlPath } from '../../values/text.js';

const percent = (min: number) => z.int().min(min).max(100);

const algorithm = z.enum(['round_robin', 'weighted', 'least_requests', 'hash']).meta({
  description:
    'How calls are spread over the endpoints of a subgraph (`subgraphs.<name>.urls`). `round_robin` and `weighted`: in turn. `least_requests`: the less busy of two at random. `hash`: calls of one client to one endpoint. All respect weights.',
  examples: ['least_requests'],
});
const hashOn = z
  .strictObject({
    header: headerName()
      .meta({ description: "The client's header of this name.", examples: ['x-tenant'] })
      .optional(),
  })
  .meta({ description: "What `hash` goes by. Default: the client's address." });
const sticky = z
  .strictObject({
    header: headerName()
      .meta({ description: "The client's header of this name.", examples: ['x-session'] })
      .optional(),
    cookie: cookieName()
      .meta({
        description: 'The cookie of this name; a client that has none gets one with its answer.',
        examples: ['portico_endpoint'],
      })
      .optional(),
  })
  .superRefine((value, context) => {
    if ((value.header === undefined) !== (value.cookie === undefined)) return;
    const message = `needs exactly one of header and cookie, and has ${value.header === undefined ? 'none' : 'both'}`;
    context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'Keeps a client at one endpoint while that is available, whatever the algorithm.' });
const panicThreshold = percent(0).meta({
  description:
    'Percent of the endpoints of a group. When fewer are available all are used, whatever is known of them: the few would not stand the load. They are always all used when none is available.',
  examples: [50],
});

/** How calls are spread. */
const loadBalancing = z
  .strictObject({
    algorithm: algorithm.optional(),
    hash_on: hashOn.optional(),
    sticky: sticky.optional(),
    panic_threshold: panicThreshold.optional(),
  })
  .superRefine((value, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (value.hash_on !== undefined && value.algorithm !== 'hash') issue('hash_on', 'belongs to algorithm: hash');
    if (value.sticky !== undefined && value.algorithm === 'hash') {
      issue('sticky', 'and algorithm: hash both choose the endpoint of a client');
    }
  })
  .meta({
    description: 'How calls are spread over several endpoints. Default: `round_robin` with a panic threshold of 25.',
  })
  .optional();

const enabled = (what: string) =>
  z
    .boolean()
    .meta({ description: `Whether ${what}; false takes back what \`all\` says.`, examples: [false] })
    .optional();

/** Probes of endpoints. */
const healthCheck = z
  .strictObject({
    enabled: enabled('endpoints are probed'),
    interval: duration({ min: '500ms', max: '1h' })
      .meta({ description: 'Between two probes of an endpoint, give or take a tenth. Default 10s.', examples: ['5s'] })
      .optional(),
    timeout: duration({ min: '10ms', max: '1m' })
      .meta({ description: 'A probe that takes longer has failed. Default 2s.', examples: ['1s'] })
      .optional(),
    path: urlPath()
      .meta({
        description:
          'Asked with GET, any 2xx is well. Default: the query `{ __typename }` at the endpoint itself, with the headers that `headers` inserts.',
        examples: ['/health'],
      })
      .optional(),
    healthy_threshold: z
      .int()
      .min(1)
      .max(100)
      .meta({ description: 'Good probes in a row that bring an endpoint back. Default 2.', examples: [1] })
      .optional(),
    unhealthy_threshold: z
      .int()
      .min(1)
      .max(100)
      .meta({
        description: 'Failed probes in a row that take an endpoint out; the very first one counts at once. Default 3.',
        examples: [5],
      })
      .optional(),
  })
  .meta({
    description:
      'Probes every endpoint and takes out those that do not answer. Without this section nothing is probed.',
  })
  .optional();

/** Ejection of endpoints whose calls fail. */
const outlierDetection = z
  .strictObject({
    enabled: enabled('endpoints are ejected'),
    consecutive_errors: z
      .int()
      .min(0)
      .max(10_000)
      .meta({ description: 'Failed calls in a row that eject an endpoint; 0 for never. Default 5.', examples: [10] })
      .optional(),
    error_threshold: percent(0)
      .meta({
        description: 'Percent of failed calls within `interval` that ejects; 0 for never. Default 50.',
        examples: [80],
      })
      .optional(),
    volume_threshold: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ description: 'Calls within `interval` before the percentage counts. Default 20.', examples: [50] })
      .optional(),
    interval: duration({ min: '1s', max: '10m' })
      .meta({ description: 'The window of `error_threshold`. Default 10s.', examples: ['30s'] })
      .optional(),
    base_ejection_time: duration({ min: '1s', max: '1h' })
      .meta({
        description:
          'How long an endpoint is ejected the first time; the second time twice as long, and so on. Default 30s.',
        examples: ['10s'],
      })
      .optional(),
    max_ejection_time: duration({ min: '1s', max: '1d' })
      .meta({ description: 'No ejection lasts longer. Default 5m.', examples: ['2m'] })
      .optional(),
    max_ejection_percent: percent(1)
      .meta({
        description: 'Percent of a group that may be ejected at the same time; one of several always may. Default 50.',
        examples: [30],
      })
      .optional(),
  })
  .superRefine(({ base_ejection_time: base, max_ejection_time: most }, context) => {
    if (base === undefined || most === undefined || base <= most) return;
    const message = 'is shorter than base_ejection_time';
    context.addIssue({ code: 'custom', path: ['max_ejection_time'], message });
  })
  .meta({
    description:
      'Takes endpoints out for a while when their calls fail: no connection, 5xx, unusable answers, silence. Without this section no endpoint is ejected.',
  })
  .optional();

/** How soon a change of DNS counts. */
const dnsRefreshRate = duration({ min: '1s', max: '1h' }).meta({
  description:
    'How old the addresses of a host may get while there are calls. When they have changed, calls go over new connections to the new ones.',
  examples: ['5s'],
});

const sections = { load_balancing: loadBalancing, health_check: healthCheck, outlier_detection: outlierDetection };

/** Several endpoints of one subgraph, and where they are. */
export const balancing = {
  all: { dns_refresh_rate: dnsRefreshRate.prefault('10s'), ...sections },
  one: { dns_refresh_rate: dnsRefreshRate.optional(), ...sections },
};
