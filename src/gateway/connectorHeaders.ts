import type { HeaderRule, HeaderRules } from '../request/headers/HeaderRule.js';
import { clientHeaders } from '../supergraph/connect/clientHeaders.js';
import type { Connector } from '../supergraph/model/Connector.js';

/** Header rules together with what connectors read of the client. */
export interface ConnectorHeaders {
  readonly rules: HeaderRules | undefined;
  /** What is handed to connectors alone: services get it where a connector says so, and under no other name. */
  readonly readOnly: (subgraph: string) => ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * `from: "x-tenant"` in a connector is a rule about headers like any other: what it reads is part of what tells requests apart, so that no
 * answer is shared with somebody who sent another value.
 */
export function connectorHeaders(connectors: Iterable<Connector>, rules: HeaderRules | undefined): ConnectorHeaders {
  const bySubgraph = new Map<string, Set<string>>();
  for (const connector of connectors) {
    const names = clientHeaders(connector);
    if (names.length === 0) continue;
    const all = bySubgraph.get(connector.subgraph) ?? new Set();
    for (const name of names) all.add(name);
    bySubgraph.set(connector.subgraph, all);
  }
  if (bySubgraph.size === 0) return { rules, readOnly: () => NONE };
  const before = rules ?? { all: [], bySubgraph: new Map<string, readonly HeaderRule[]>() };
  const joined = new Map(before.bySubgraph);
  const readOnly = new Map<string, ReadonlySet<string>>();
  for (const [subgraph, names] of bySubgraph) {
    const own = before.bySubgraph.get(subgraph) ?? [];
    joined.set(subgraph, [...[...names].map((named): HeaderRule => ({ propagate: { named } })), ...own]);
    const said = [...before.all, ...own];
    readOnly.set(subgraph, new Set([...names].filter((name) => !said.some((rule) => sends(rule, name)))));
  }
  return { rules: { ...before, bySubgraph: joined }, readOnly: (subgraph) => readOnly.get(subgraph) ?? NONE };
}

function sends({ propagate, insert }: HeaderRule, name: string): boolean {
  if (insert !== undefined) return insert.name === name;
  if (propagate === undefined) return false;
  if (propagate.matching !== undefined) return new RegExp(`^(?:${propagate.matching})$`).test(name);
  return (propagate.rename ?? propagate.named) === name;
}
