import type { DocumentNode } from 'graphql';

import { CONNECT } from '../model/Connector.js';
import { readLinks } from '../read/links.js';
import type { Link } from '../read/links.js';

const FEDERATION = 'specs.apollo.dev/federation';

/** What directives are called in one subgraph's schema, by their `@link`s. */
export interface ConnectNames {
  /** `v0.3` as written; absent when the link has no version. */
  readonly version: string | undefined;
  readonly link: ReturnType<typeof readLinks>[number];
  readonly connect: string;
  readonly source: string;
  readonly key: string;
  readonly shareable: string;
  readonly interfaceObject: string;
  readonly external: string;
  readonly provides: string;
  readonly requires: string;
  /** Directives of federation that mean nothing where each connector stands for itself. */
  readonly dropped: ReadonlySet<string>;
  /** Whether the schema links federation; if not, its connectors' subgraphs do. */
  readonly isFederation: boolean;
}

/** Undefined when the schema does not link Connectors. */
export function connectNames(document: DocumentNode): ConnectNames | undefined {
  const links = readLinks(document);
  const link = links.find(({ identity }) => identity === CONNECT);
  if (link === undefined) return undefined;
  const federation = links.find(({ identity }) => identity === FEDERATION);
  // A schema that links nothing but Connectors has the directives of federation under their own names.
  const ofFederation = (name: string): string =>
    federation === undefined ? name : nameIn(federation, 'federation', name);
  const connect = nameIn(link, 'connect', 'connect');
  const source = nameIn(link, 'connect', 'source');
  const key = ofFederation('key');
  return {
    version: link.version,
    link,
    connect,
    source,
    key,
    shareable: ofFederation('shareable'),
    interfaceObject: ofFederation('interfaceObject'),
    external: ofFederation('external'),
    provides: ofFederation('provides'),
    requires: ofFederation('requires'),
    dropped: new Set([connect, key, ...['external', 'requires', 'provides'].map(ofFederation)]),
    isFederation: federation !== undefined,
  };
}

function nameIn(link: Link | undefined, ownName: string, name: string): string {
  const imported = link?.imports.find((each) => each.name === `@${name}`)?.as;
  if (imported !== undefined) return imported.slice(1);
  const prefix = link?.prefix ?? ownName;
  return name === ownName ? prefix : `${prefix}__${name}`;
}
