import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';

const titles = new Map([
  ['1', 'Emma'],
  ['2', 'Middlemarch'],
]);

const resolvers = {
  books: { Query: { books: () => [...titles].map(([id, title]) => ({ id, title })) } },
  reviews: { Book: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 3 + Number(id) / 2 }) } },
};

/** Starts one of the two services; gives its URL. */
export async function startService(name: keyof typeof resolvers, port: number): Promise<string> {
  const typeDefs = parse(await readFile(new URL(`${name}.graphql`, import.meta.url), 'utf8'));
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers[name] });
  const answer = async (request: IncomingMessage): Promise<string> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    return JSON.stringify(await graphql({ schema, source: query, variableValues: variables }));
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    answer(request).then(
      (text) => response.end(text),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
