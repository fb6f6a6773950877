/** Identity of the Connectors specification in `@link`s. */
export const CONNECT = 'specs.apollo.dev/connect';

/** Versions of the Connectors vocabulary that are executed. */
export const CONNECT_VERSIONS = ['0.1', '0.2', '0.3'] as const;

/** A header of a REST request: taken from the client's request, or made from a template. */
export interface HeaderMapping {
  readonly name: string;
  /** Name of the client's header. */
  readonly from: string | undefined;
  /** A template. */
  readonly value: string | undefined;
}

/** What a failed answer becomes, as mappings; see `@connect(errors:)`. */
export interface ErrorMapping {
  readonly message: string | undefined;
  readonly extensions: string | undefined;
}

/** What `@source` says. Texts are as written: templates and mappings. */
export interface RestSource {
  readonly name: string;
  readonly baseUrl: string;
  readonly headers: readonly HeaderMapping[];
  readonly path: string | undefined;
  readonly queryParams: string | undefined;
  readonly errors: ErrorMapping | undefined;
  readonly isSuccess: string | undefined;
}

export type RestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What one `@connect` says. Texts are as written: templates and mappings. */
export interface ConnectTexts {
  /** Name of a source; absent when the template has a host of its own. */
  readonly source: string | undefined;
  readonly id: string | undefined;
  readonly method: RestMethod;
  readonly url: string;
  readonly headers: readonly HeaderMapping[];
  readonly body: string | undefined;
  readonly path: string | undefined;
  readonly queryParams: string | undefined;
  readonly selection: string;
  readonly entity: boolean;
  readonly batchSize: number | undefined;
  readonly errors: ErrorMapping | undefined;
  readonly isSuccess: string | undefined;
}

/**
 * A REST connector: a subgraph of its own for planning. Plain JSON.
 *
 * What it gives: a field of a root type; a field of another type, with `$this`; or all of a type, with `$this` or `$batch`.
 */
export interface Connector extends ConnectTexts {
  /** What plans call it: `inventory.Query.product`. */
  readonly graph: string;
  /** The subgraph that declares it: `inventory`. Settings, breakers and telemetry go by it. */
  readonly subgraph: string;
  readonly version: (typeof CONNECT_VERSIONS)[number];
  /** What its `source` names. */
  readonly restSource: RestSource | undefined;
  /** The type that has the field, or the type itself. */
  readonly typeName: string;
  /** Absent where the connector gives a type. */
  readonly fieldName: string | undefined;
  readonly root: 'query' | 'mutation' | undefined;
  /** Type of the field, without lists and non-null. */
  readonly outputType: string;
  /** The key by which objects are looked up, as `@key(fields:)` has it; of `typeName`, or of what a root field gives. Absent for none. */
  readonly key: string | undefined;
  /** Types of the field's arguments, without lists and non-null. */
  readonly argumentTypes: Readonly<Record<string, string>>;
  /** Arguments of the field that have a default. */
  readonly argumentDefaults: Readonly<Record<string, unknown>>;
}

/** `Query.product`, `Product`. */
export function connectorCoordinate({ typeName, fieldName }: Pick<Connector, 'typeName' | 'fieldName'>): string {
  return fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
}
