import { z } from 'zod';

import { duration } from '../values/quantity.js';
import { expression } from '../values/expression.js';
import { filePath, headerName, headerValue, httpUrl, text } from '../values/text.js';

const isAtLeastOne = (demand: object): boolean => Object.keys(demand).length > 0;

const anyOf = () =>
  z
    .array(z.array(text()).min(1).meta({ must: 'be a list of at least one name' }))
    .min(1)
    .meta({ must: 'be a list of lists of names: one of the lists is needed, and all of its names' });

const demandShape = {
  authenticated: z
    .literal(true)
    .meta({ must: 'be true, or left out', description: 'Somebody, not the anonymous.', examples: [true] })
    .optional(),
  scopes: anyOf()
    .meta({
      description: 'One of these lists of scopes, and all of its scopes.',
      examples: [[['read:users', 'read:email'], ['admin']]],
    })
    .optional(),
  policies: anyOf()
    .meta({ description: 'One of these lists of policies, and all of its policies.', examples: [[['staff']]] })
    .optional(),
};

const must = 'be a map with at least one of authenticated, scopes, policies';

const directives = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({
        description:
          'Whether `@authenticated`, `@requiresScopes` and `@policy` of the supergraph count. `false` opens every field that they protect, and says so in the log at each start; `authorization.fields` counts all the same.',
        examples: [false],
      })
      .default(true),
    dry_run: z
      .boolean()
      .meta({
        description:
          'Whether refusals are only reported: to the log, and in `extensions` where `errors.response` says so.',
        examples: [true],
      })
      .default(false),
    unauthorized: z
      .strictObject({
        mode: z
          .enum(['filter', 'reject'])
          .meta({
            description:
              '`filter`: what the caller may not have is null with an error at its place, the rest is answered. `reject`: the whole operation is refused with 403, and nothing is executed.',
            examples: ['reject'],
          })
          .default('filter'),
      })
      .meta({ description: 'What happens to an operation that asks too much.' })
      .prefault({}),
    errors: z
      .strictObject({
        log: z
          .boolean()
          .meta({ description: 'Whether each refusal is told to the log (at most 100 a second).', examples: [false] })
          .default(true),
        response: z
          .enum(['errors', 'extensions', 'disabled'])
          .meta({
            description:
              'Where the client finds refusals: among the errors, in `extensions.authorizationErrors`, or nowhere. For mode `filter`.',
            examples: ['extensions'],
          })
          .default('errors'),
      })
      .meta({ description: 'Who learns of refusals.' })
      .prefault({}),
  })
  .superRefine(({ unauthorized, errors }, context) => {
    if (unauthorized.mode === 'filter' || errors.response === 'errors') return;
    const message = 'has no effect while unauthorized.mode is reject: a refused operation is answered with its errors';
    context.addIssue({ code: 'custom', path: ['errors', 'response'], message });
  })
  .meta({ description: 'Access rules of the graph.' })
  .prefault({});

const policies = z
  .strictObject({
    expressions: z
      .record(z.string(), expression())
      .meta({
        description:
          'Policies as CEL expressions, by name. They see `authenticated`, `kind`, `subject`, `issuer`, `scopes`, `claims`, `plan`, `tenant`, and `args`, the arguments of the field. What fails says no.',
        examples: [{ staff: '"staff" in claims.groups', self: 'authenticated && args.id == subject' }],
      })
      .prefault({}),
    module: filePath()
      .meta({
        description:
          'A JavaScript module that exports a function for each policy, or an object of functions as its default. It runs with all rights of the gateway.',
        examples: ['./policies.js'],
      })
      .optional(),
    endpoint: z
      .strictObject({
        url: httpUrl().meta({
          description: 'Asked by POST, in the manner of Open Policy Agent, for policies that nobody else decides.',
          examples: ['http://localhost:8181/v1/data/portico/allow'],
        }),
        headers: z
          .record(headerName(), headerValue())
          .meta({ description: 'Sent with each question.', examples: [{ authorization: 'Bearer ${OPA_TOKEN}' }] })
          .prefault({}),
        cache_ttl: duration({ min: '0s', max: '1h' })
          .meta({
            description: 'How long a decision counts, per policy, identity and arguments.',
            examples: ['30s'],
          })
          .prefault('5s'),
      })
      .meta({ description: 'A service that decides policies.' })
      .optional(),
    timeout: duration({ min: '1ms', max: '1m' })
      .meta({
        description: 'How long the module and the endpoint may take; who takes longer says no.',
        examples: ['200ms'],
      })
      .prefault('1s'),
  })
  .meta({ description: 'Who decides `@policy`. A supergraph with a policy that nobody decides is refused.' })
  .prefault({});

/** Who may see what. Names follow Apollo Router where it has them. */
export const authorization = z
  .strictObject({
    require_authentication: z
      .boolean()
      .meta({ description: 'Whether the anonymous get nothing at all but 401.', examples: [true] })
      .default(false),
    directives,
    fields: z
      .record(z.string(), z.strictObject(demandShape).refine(isAtLeastOne).meta({ must }))
      .meta({
        description:
          'Demands beside those of the graph, by coordinate: a field (`User.email`) or a type. At an interface they hold for all its types. They only ever add.',
        examples: [{ 'User.email': { scopes: [['read:email']] } }],
      })
      .prefault({}),
    policies,
    introspection: z
      .strictObject({
        requires: z
          .strictObject(demandShape)
          .refine(isAtLeastOne)
          .meta({
            must,
            description: 'Who may ask for the schema, where `introspection` is on. Default: everybody.',
            examples: [{ scopes: [['staff']] }],
          })
          .optional(),
        filter: z
          .boolean()
          .meta({
            description: 'Whether introspection leaves out what the caller may not have.',
            examples: [true],
          })
          .default(false),
      })
      .meta({ description: 'Introspection by the rights of the caller.' })
      .prefault({}),
  })
  .meta({ description: 'Who may see what: rules of the graph and further ones.' })
  .prefault({});
