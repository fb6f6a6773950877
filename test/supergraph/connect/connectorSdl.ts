import type { SubgraphSdl } from '../../../src/supergraph/compose/compose.js';

/** SDL of a subgraph with connectors and a source `api`. @param lines without the schema's directives */
export function connectorSdl(lines: string, version = '0.3'): string {
  return `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@external", "@requires", "@shareable"])
  @link(url: "https://specs.apollo.dev/connect/v${version}", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "http://rest.test/v1" })
${lines}`;
}

export function restSubgraph(name: string, lines: string, version?: string): SubgraphSdl {
  return { name, url: '', sdl: connectorSdl(lines, version), file: `${name}.graphql` };
}

export function graphqlSubgraph(name: string, lines: string): SubgraphSdl {
  const head =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])\n';
  return { name, url: `http://${name}.test/graphql`, sdl: head + lines, file: `${name}.graphql` };
}

/** Users, and a REST service that knows of their friends the name alone: it has it in some places of an answer, and owns it nowhere. */
export const users = graphqlSubgraph(
  'users',
  'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable age: Int }',
);
export const social = restSubgraph(
  'social',
  `type User @key(fields: "id") {
        id: ID!
        name: String @external
        friends: [User!] @connect(source: "api", http: { GET: "/u/{$this.id}/friends" }, selection: "id name")
      }`,
);
