import { Kind, visit } from 'graphql';
import type { DocumentNode } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { CONNECT, CONNECT_VERSIONS } from '../model/Connector.js';
import { readLinks, toLink } from './links.js';
import type { Link } from './links.js';

/** Features that restrict who reads what: their version counts whatever purpose they are linked with, or none. */
const security: ReadonlySet<string> = new Set([
  'specs.apollo.dev/authenticated',
  'specs.apollo.dev/requiresscopes',
  'specs.apollo.dev/policy',
]);

/** Features linked with a purpose that the reader, planner and executor implement, with the versions they implement. */
const implemented: ReadonlyMap<string, readonly string[]> = new Map([
  ['specs.apollo.dev/core', ['v0.1', 'v0.2']],
  ['specs.apollo.dev/link', ['v1.0']],
  ['specs.apollo.dev/join', ['v0.1', 'v0.2', 'v0.3', 'v0.4', 'v0.5']],
  ['specs.apollo.dev/tag', ['v0.1', 'v0.2', 'v0.3']],
  ['specs.apollo.dev/inaccessible', ['v0.1', 'v0.2']],
  ['specs.apollo.dev/context', ['v0.1']],
  ['specs.apollo.dev/cost', ['v0.1']],
  ['specs.apollo.dev/cachetag', ['v0.1']],
  ['specs.apollo.dev/authenticated', ['v0.1']],
  ['specs.apollo.dev/requiresscopes', ['v0.1']],
  ['specs.apollo.dev/policy', ['v0.1']],
  [CONNECT, CONNECT_VERSIONS.map((version) => `v${version}`)],
]);

/**
 * Refuses a supergraph that relies on something this gateway would not do: a feature `for: SECURITY` or `for: EXECUTION` that it
 * does not know, REST connectors of another version. Features without a purpose are metadata and pass.
 *
 * Features are recognised by the URL of their `@link`, never by a spelled name: both can be renamed.
 */
export function refuseFeatures(document: DocumentNode): void {
  for (const link of readLinks(document)) {
    const why = refusal(link);
    if (why !== undefined) throw unsupported(link.url, why);
  }
  // Composition carries connectors as `@join__directive(name: "link", args: {url: …})`, at any place and under any name.
  visit(document, {
    Directive(directive) {
      const args = directive.arguments?.find((argument) => argument.name.value === 'args')?.value;
      if (args?.kind !== Kind.OBJECT) return;
      const url = args.fields.find((field) => field.name.value === 'url')?.value;
      if (url?.kind !== Kind.STRING) return;
      const purpose = args.fields.find((field) => field.name.value === 'for')?.value;
      const isSaid = purpose?.kind === Kind.ENUM || purpose?.kind === Kind.STRING;
      const why = carriedRefusal(toLink(url.value, undefined, isSaid ? purpose.value : undefined));
      if (why !== undefined) throw unsupported(url.value, why);
    },
  });
}

/** Access rules may travel the same way, and whatever else somebody relies on. */
function carriedRefusal(link: Link): string | undefined {
  const counts = link.identity === CONNECT || security.has(link.identity) || link.purpose === 'SECURITY';
  return counts ? refusal(link) : undefined;
}

function refusal({ identity, version, purpose }: Link): string | undefined {
  if (purpose === undefined && !security.has(identity) && identity !== CONNECT) return undefined;
  const versions = implemented.get(identity);
  const why =
    identity === CONNECT
      ? 'fields are answered by REST connectors'
      : purpose === undefined
        ? 'it restricts who reads what'
        : `it is linked for: ${purpose}`;
  if (versions === undefined) return `${why} and not known to this gateway`;
  if (version === undefined || !versions.includes(version)) {
    return `${why} and this gateway knows ${versions.join(', ')} of it`;
  }
  return undefined;
}

function unsupported(url: string, why: string): PorticoError {
  return new PorticoError('SUPERGRAPH_FEATURE_UNSUPPORTED', `The supergraph links ${url}: ${why}`, {
    details: { feature: url },
  });
}
