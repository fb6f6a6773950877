const PREFIX = 'connector:';

/** The routing URL of a connector's subgraph: nobody is called there, it says which subgraph declares the connector. */
export function connectorUrl(declaringSubgraph: string): string {
  return `${PREFIX}${encodeURIComponent(declaringSubgraph)}`;
}

/** The subgraph that declares the connector of this routing URL; undefined for the URL of any other subgraph. */
export function declaringSubgraph(routingUrl: string): string | undefined {
  return routingUrl.startsWith(PREFIX) ? decodeURIComponent(routingUrl.slice(PREFIX.length)) : undefined;
}
