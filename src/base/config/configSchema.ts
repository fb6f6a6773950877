import { z } from 'zod';

import type { CamelCased } from './camelCased.js';
import { authorization } from './sections/authorization.js';
import { checkTogether } from './checkTogether.js';
import { authentication } from './sections/authentication.js';
import { connectors } from './sections/connectors.js';
import { cors } from './sections/cors.js';
import { csrf } from './sections/csrf.js';
import { demandControl } from './sections/demandControl.js';
import { errors } from './sections/errors.js';
import { fallback } from './sections/fallback.js';
import { headers } from './sections/headers.js';
import { limits } from './sections/limits.js';
import { overload } from './sections/overload.js';
import { playground } from './sections/playground.js';
import { queryPlanner } from './sections/queryPlanner.js';
import { rateLimit } from './sections/rateLimit/rateLimit.js';
import { reload } from './sections/reload.js';
import { server } from './sections/server.js';
import { shutdown } from './sections/shutdown.js';
import { subgraphs } from './sections/subgraphs.js';
import { supergraph } from './sections/supergraph.js';
import { telemetry } from './sections/telemetry.js';
import { tls } from './sections/tls.js';
import { trafficShaping } from './sections/trafficShaping.js';

/**
 * Everything that can be configured: types, defaults, validation, the JSON Schema for editors and docs/configuration.md come from here.
 *
 * Durations become milliseconds, sizes bytes. Keys are as in YAML; programs see them in camelCase (`Config`).
 */
export const configSchema = z
  .strictObject({
    server,
    supergraph,
    subgraphs,
    introspection: z
      .boolean()
      .meta({ description: 'Whether clients may ask for the schema.', examples: [true] })
      .default(false),
    playground,
    cors,
    csrf,
    authentication,
    authorization,
    headers,
    limits,
    overload,
    traffic_shaping: trafficShaping,
    tls,
    errors,
    query_planner: queryPlanner,
    connectors,
    rate_limit: rateLimit,
    demand_control: demandControl,
    fallback,
    override_labels: z
      .record(z.string(), z.boolean())
      .meta({
        description:
          'Labels of `@override(label:)`, switched on or off. `percent(n)` labels are on for n of 100 requests by themselves.',
        examples: [{ 'new-reviews': true }],
      })
      .prefault({}),
    telemetry,
    reload,
    shutdown,
  })
  .superRefine(checkTogether);

/** A valid configuration, complete with defaults. Deeply frozen. */
export type Config = DeepReadonly<CamelCased<z.output<typeof configSchema>>>;

/** What may be written, in the words of YAML. */
export type ConfigInput = z.input<typeof configSchema>;

/** What may be written in a program. */
export type ConfigOptions = CamelCased<ConfigInput>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
