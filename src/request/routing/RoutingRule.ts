/** Something with a name, and the whole value it must have; any value when absent. */
export interface Named {
  readonly name: string;
  readonly value?: string | undefined;
}

/** What a request must be like: all that is said must hold. */
export interface RequestMatch {
  /** A header of the client, lower case. */
  readonly header?: Named | undefined;
  readonly cookie?: Named | undefined;
  /** A verified claim of the identity; in a list any item counts. */
  readonly claim?: Named | undefined;
  /** Names of the client's operations. */
  readonly operations?: readonly string[] | undefined;
  /** The path of the request, whole. */
  readonly path?: string | undefined;
  /** A parameter of the query string. */
  readonly query?: Named | undefined;
}

/** Which requests go to which group of a subgraph's endpoints: exactly one of `group` and `split`. */
export interface RoutingRule {
  /** Absent: every request. */
  readonly match?: RequestMatch | undefined;
  readonly group?: string | undefined;
  /** Percent by group; the rest goes to the default group. */
  readonly split?: Readonly<Record<string, number>> | undefined;
}

/** What the calls of one client go by, to find the same endpoint again. */
export type AffinitySource =
  | { readonly kind: 'ip' }
  | { readonly kind: 'header'; readonly name: string }
  /** A client without it gets one with its answer. */
  | { readonly kind: 'cookie'; readonly name: string };

/** How the requests of one subgraph are routed. */
export interface SubgraphRouting {
  readonly rules: readonly RoutingRule[];
  readonly affinity?: AffinitySource | undefined;
}
