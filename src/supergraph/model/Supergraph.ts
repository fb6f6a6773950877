import type { GraphQLSchema } from 'graphql';

import type { Connector } from './Connector.js';
import type { RateLimitRule } from './RateLimitRule.js';
import type { AccessRules } from './AccessRules.js';
import type { CostRules } from './CostRules.js';

/** One service of the graph, as the supergraph names it. */
export interface SubgraphInfo {
  readonly name: string;
  /** Routing URL from `@join__graph`; may be empty when the configuration gives another. */
  readonly url: string;
  /** The subgraph that declares it, where it stands for a REST connector: what settings and reports call it. */
  readonly declaredBy?: string | undefined;
}

/** Who can be asked for the fields of one type. */
export interface TypeOwners {
  /** Resolvable keys, as field sets. */
  readonly keys: ReadonlyArray<readonly [subgraph: string, key: string]>;
  /** Subgraphs by field that answer it without inputs of others. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** What we know about one graph. Immutable; a change is a new one. */
export interface Supergraph {
  /** SHA-256 of the SDL, hex: the same text gives the same id on every instance. */
  readonly id: string;
  readonly sdl: string;
  /** What clients see: `@inaccessible` parts removed, `@defer` known, built with `assumeValid`. */
  readonly apiSchema: GraphQLSchema;
  readonly subgraphs: ReadonlyMap<string, SubgraphInfo>;
  /** Override labels by field coordinate (`Product.price`), from progressive `@override(label:)`. */
  readonly overrideLabels: ReadonlyMap<string, string>;
  /** Labels of fields that keys or `@requires` name: any operation may meet them. */
  readonly hiddenOverrideLabels: readonly string[];
  /** What each abstract type stands for (implementing interfaces too), inaccessible types included. */
  readonly possibleTypes: ReadonlyMap<string, ReadonlySet<string>>;
  /** All object types, inaccessible ones included. */
  readonly objectTypes: ReadonlySet<string>;
  /** `@fallback` as subgraphs wrote it: coordinates (`Product.price`, `Product`) and arguments, unchecked. */
  readonly fallbacks: ReadonlyArray<readonly [coordinate: string, args: Readonly<Record<string, unknown>>]>;
  /** Object types and interfaces, inaccessible ones included. */
  readonly owners: ReadonlyMap<string, TypeOwners>;
  /** The `@rateLimit`s of fields, by coordinate. */
  readonly rateLimits: ReadonlyMap<string, readonly RateLimitRule[]>;
  /** What fields, types and arguments cost, and how long lists are. */
  readonly costs: CostRules;
  /** Subgraphs that a plan may ask for each field, by coordinate. */
  readonly askable: ReadonlyMap<string, readonly string[]>;
  /** Who may see what. */
  readonly access: AccessRules;
  /** REST connectors by what plans call them: each is one of `subgraphs`. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Types of fields by type, without lists and non-null. Empty where there are no connectors, which alone ask for it. */
  readonly fieldTypes: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Defaults of input objects' fields, by type. Likewise. */
  readonly inputDefaults: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** The subgraphs as their owners know them: those that declare connectors in the place of their connectors. */
export function declaredNames({ subgraphs }: Pick<Supergraph, 'subgraphs'>): ReadonlySet<string> {
  return new Set([...subgraphs.values()].map(({ name, declaredBy }) => declaredBy ?? name));
}
