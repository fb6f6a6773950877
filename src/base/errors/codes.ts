/**
 * Every failure Portico can report, in one table.
 *
 * - `status`: the HTTP status when the failure concerns the whole request. Located errors (one field, one subgraph)
 *   travel inside a 200 answer; their status documents what a REST face would say.
 * - `expose`: whether the client may read the message. Otherwise it gets `summary`, and the log gets the message.
 * - `summary`: what the client reads when the message is masked. It names no internals.
 * - `answered`: what it reads instead where a service did answer (`details.status` says with which status). Default: `summary`.
 * - `retry`: whether the same request may succeed later without a change.
 * - `repair`: who can repair it.
 *
 * Codes are never reused. `docs/errors.md` is generated from this table and tested against it.
 */
export interface ErrorSpec {
  readonly status: number;
  readonly expose: boolean;
  readonly summary: string;
  readonly answered?: string;
  readonly retry: 'no' | 'yes' | 'later';
  readonly repair: 'client' | 'subgraph' | 'operator' | 'portico';
}

const client = { expose: true, retry: 'no', repair: 'client' } as const;
const subgraph = { expose: false, retry: 'yes', repair: 'subgraph' } as const;

export const codes = {
  // What the client sent.
  BAD_REQUEST: { ...client, status: 400, summary: 'The request is malformed' },
  GRAPHQL_PARSE_FAILED: { ...client, status: 400, summary: 'The document is not valid GraphQL syntax' },
  GRAPHQL_VALIDATION_FAILED: { ...client, status: 400, summary: 'The document does not fit the schema' },
  BAD_USER_INPUT: { ...client, status: 400, summary: 'A variable does not fit its type' },
  OPERATION_RESOLUTION_FAILURE: { ...client, status: 400, summary: 'The document has no such operation' },
  INTROSPECTION_DISABLED: { ...client, status: 400, summary: 'Introspection is disabled' },
  SUBSCRIPTIONS_NOT_SUPPORTED: {
    ...client,
    status: 400,
    summary: 'Subscriptions cannot be answered over this transport',
  },
  PERSISTED_QUERY_NOT_FOUND: { ...client, status: 200, summary: 'The persisted query is not known', retry: 'yes' },
  PERSISTED_QUERY_NOT_SUPPORTED: { ...client, status: 200, summary: 'Persisted queries are not supported' },
  PAYLOAD_TOO_LARGE: { ...client, status: 413, summary: 'The request body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { ...client, status: 415, summary: 'The content type is not supported' },
  NOT_ACCEPTABLE: { ...client, status: 406, summary: 'No supported media type is acceptable to the client' },
  NOT_FOUND: { ...client, status: 404, summary: 'There is nothing at this path' },
  REQUEST_TIMEOUT: { ...client, status: 408, summary: 'The request was not received in time', retry: 'yes' },
  HEADERS_TOO_LARGE: { ...client, status: 431, summary: 'The request headers are too large' },
  METHOD_NOT_ALLOWED: { ...client, status: 405, summary: 'The method is not allowed here' },
  // Who is asking. What exactly is wrong with a credential is for the log alone.
  UNAUTHENTICATED: {
    ...client,
    status: 401,
    expose: false,
    summary: 'A valid credential is needed, and none was presented or the one presented is not valid',
  },
  // What they may have.
  UNAUTHORIZED_FIELD_OR_TYPE: { ...client, status: 403, summary: 'Unauthorized field or type' },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    expose: false,
    summary: 'Credentials cannot be checked at the moment',
    retry: 'later',
    repair: 'operator',
  },
  // Operation limits, computed on the expanded operation.
  TOKEN_LIMIT_EXCEEDED: { ...client, status: 400, summary: 'The document has too many tokens' },
  MAX_CHARACTERS_EXCEEDED: { ...client, status: 400, summary: 'The document is too long' },
  MAX_SELECTIONS_EXCEEDED: { ...client, status: 400, summary: 'The expanded operation has too many selections' },
  MAX_DEPTH_EXCEEDED: { ...client, status: 400, summary: 'The operation is nested too deeply' },
  MAX_ALIASES_EXCEEDED: { ...client, status: 400, summary: 'The operation has too many aliases' },
  MAX_ROOT_FIELDS_EXCEEDED: { ...client, status: 400, summary: 'The operation has too many root fields' },
  MAX_DIRECTIVES_EXCEEDED: { ...client, status: 400, summary: 'The operation has too many directives' },
  MAX_INTROSPECTION_DEPTH_EXCEEDED: { ...client, status: 400, summary: 'The introspection is nested too deeply' },
  MAX_HEIGHT_EXCEEDED: { ...client, status: 400, summary: 'The operation has too many fields' },
  MAX_LIST_SIZE_EXCEEDED: { ...client, status: 400, summary: 'The operation asks for too many items of a list' },
  // Demand control, before planning.
  COST_ESTIMATED_TOO_EXPENSIVE: { ...client, status: 400, summary: 'The operation is estimated to cost too much' },
  SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    expose: false,
    summary: 'A part of the operation is estimated to cost too much',
    retry: 'no',
    repair: 'client',
  },
  COST_QUERY_PARSE_FAILURE: {
    ...client,
    status: 400,
    summary: 'The cost of the operation cannot be told: a list needs one argument that says how long it may be',
  },
  // Planning.
  QUERY_PLANNING_FAILED: {
    status: 500,
    expose: false,
    summary: 'The operation could not be planned',
    retry: 'no',
    repair: 'operator',
  },
  QUERY_PLANNING_TIMEOUT: {
    status: 503,
    expose: true,
    summary: 'Planning the operation took too long',
    retry: 'later',
    repair: 'client',
  },
  QUERY_PLANNING_OVERLOADED: {
    status: 503,
    expose: true,
    summary: 'Too many operations are waiting to be planned',
    retry: 'later',
    repair: 'operator',
  },
  FIELD_NOT_RESOLVABLE: {
    status: 500,
    expose: true,
    summary: 'No subgraph can resolve a selected field',
    retry: 'no',
    repair: 'subgraph',
  },
  // One subgraph failed: located errors, the rest of the answer survives.
  SUBGRAPH_TIMEOUT: { ...subgraph, status: 504, summary: 'A service did not answer in time' },
  SUBGRAPH_CIRCUIT_OPEN: {
    ...subgraph,
    status: 503,
    summary: 'A service is temporarily unavailable and was not asked',
    retry: 'later',
  },
  SUBGRAPH_RATE_LIMITED: {
    ...subgraph,
    status: 503,
    summary: 'A service is asked too often at the moment',
    retry: 'later',
    repair: 'operator',
  },
  SUBREQUEST_HTTP_ERROR: {
    ...subgraph,
    status: 502,
    summary: 'A service could not be reached',
    answered: 'A service answered with an error',
  },
  SUBREQUEST_MALFORMED_RESPONSE: { ...subgraph, status: 502, summary: 'A service gave an unusable answer' },
  DOWNSTREAM_SERVICE_ERROR: { ...subgraph, status: 200, summary: 'A service reported an error' },
  INVALID_VALUE: {
    ...subgraph,
    status: 200,
    expose: true,
    retry: 'no',
    summary: 'A service returned a value that does not fit the schema',
  },
  // The gateway as a whole.
  ANSWER_TOO_LARGE: { ...client, status: 400, summary: 'The answer would be too large' },
  GATEWAY_TIMEOUT: {
    status: 504,
    expose: true,
    summary: 'The request took too long',
    retry: 'yes',
    repair: 'operator',
  },
  REQUEST_CANCELLED: { status: 499, expose: true, summary: 'The client went away', retry: 'yes', repair: 'client' },
  // How often who may what.
  RATE_LIMITED: {
    status: 429,
    expose: true,
    summary: 'Too many requests',
    retry: 'later',
    repair: 'client',
  },
  RATE_LIMITER_UNAVAILABLE: {
    status: 503,
    expose: true,
    summary: 'It cannot be told now whether this is too often',
    retry: 'later',
    repair: 'operator',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    expose: false,
    summary: 'The service is temporarily unavailable',
    retry: 'later',
    repair: 'operator',
  },
  OVERLOADED: { status: 503, expose: true, summary: 'The gateway is overloaded', retry: 'later', repair: 'operator' },
  SHUTTING_DOWN: {
    status: 503,
    expose: true,
    summary: 'The gateway is shutting down',
    retry: 'later',
    repair: 'operator',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    expose: false,
    summary: 'Internal server error',
    retry: 'no',
    repair: 'portico',
  },
  // Wiring: start, reload, command line. Never sent to clients.
  SUPERGRAPH_INVALID: {
    status: 500,
    expose: false,
    summary: 'The supergraph cannot be loaded',
    retry: 'no',
    repair: 'operator',
  },
  SUPERGRAPH_FEATURE_UNSUPPORTED: {
    status: 500,
    expose: false,
    summary: 'The supergraph needs a feature that is not supported',
    retry: 'no',
    repair: 'operator',
  },
  COMPOSITION_FAILED: {
    status: 500,
    expose: false,
    summary: 'The subgraphs make no supergraph',
    retry: 'no',
    repair: 'subgraph',
  },
  COMPOSITION_INTERRUPTED: {
    status: 500,
    expose: false,
    summary: 'Composing the subgraphs could not be finished',
    retry: 'later',
    repair: 'operator',
  },
  SUBGRAPH_SDL_UNAVAILABLE: {
    status: 500,
    expose: false,
    summary: 'The schema of a subgraph cannot be read',
    retry: 'later',
    repair: 'subgraph',
  },
  CONFIG_INVALID: {
    status: 500,
    expose: false,
    summary: 'The configuration is invalid',
    retry: 'no',
    repair: 'operator',
  },
  // REST.
  REST_REQUEST_LIMIT_EXCEEDED: {
    status: 503,
    expose: false,
    summary: 'The operation needs too many requests to a service',
    retry: 'no',
    repair: 'client',
  },
  REST_REQUEST_INVALID: {
    status: 400,
    expose: false,
    summary: 'A value cannot be sent to a service',
    retry: 'no',
    repair: 'client',
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof codes;
