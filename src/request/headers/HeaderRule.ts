import type { HeaderRemoval } from './compileRemoval.js';

/**
 * One rule about the headers of calls to a subgraph: exactly one of the three is set. Names are lower case, and never those of
 * CONNECTION_HEADERS.
 */
export interface HeaderRule {
  /** Hands on the client's header `named`, or all whose whole name `matching` matches. */
  readonly propagate?:
    | {
        readonly named?: string | undefined;
        /** A regular expression. */
        readonly matching?: string | undefined;
        /** The name that the subgraph sees; with `named`. */
        readonly rename?: string | undefined;
        /** Sent when the client has not sent it; with `named`. */
        readonly default?: string | undefined;
      }
    | undefined;
  /** Sends a header of its own: exactly one of `value`, `fromClaim` and `fromIdentity` is set. */
  readonly insert?:
    | {
        readonly name: string;
        readonly value?: string | undefined;
        /** A claim of the identity; see `claimAt`. */
        readonly fromClaim?: string | undefined;
        readonly fromIdentity?: IdentityFact | undefined;
        /** A word before the value, and a space. */
        readonly prefix?: string | undefined;
      }
    | undefined;
  /** Takes away what earlier rules have set. */
  readonly remove?: HeaderRemoval | undefined;
}

/** What of an identity can be a header; `token` is the one that the gateway has signed. */
export type IdentityFact = 'subject' | 'issuer' | 'kind' | 'scopes' | 'plan' | 'tenant' | 'token';

/** Rules for all subgraphs, and further ones for single ones; in their order, a later one overrules an earlier one. */
export interface HeaderRules {
  readonly all: readonly HeaderRule[];
  readonly bySubgraph: ReadonlyMap<string, readonly HeaderRule[]>;
  /**
   * Headers that say who somebody is to whoever believes them (API key, tokens in headers of their own, what an authorizer sees, headers of a
   * trusted proxy): patterns never match them. Lower case. Default: none.
   */
  readonly sensitive?: ReadonlySet<string> | undefined;
}
