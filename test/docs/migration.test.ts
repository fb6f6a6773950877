import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { replacedOptions } from '../../src/gateway/replacedOptions.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { runScript } from '../support/runScript.js';

const root = join(import.meta.dirname, '../..');
const page = await readFile(join(root, 'docs/migrate-from-apollo-gateway.md'), 'utf8');

describe('the example of the page', { timeout: 120_000 }, () => {
  let servers: GraphServers;
  let directory: string;
  beforeAll(async () => {
    servers = await startGraphServers(shelf);
    await mkdir(join(root, '.cache'), { recursive: true });
    // Inside the project, where its imports are found.
    directory = await mkdtemp(join(root, '.cache/migration-'));
    await writeFile(join(directory, 'supergraph.graphql'), servers.supergraphSdl);
  });
  afterAll(async () => {
    await servers.close();
    await rm(directory, { recursive: true });
  });

  it('answers the same before and after, to each user their own', async () => {
    const bodies: string[][] = [];
    for (const name of ['before', 'after']) {
      const code = new RegExp(`^\`\`\`ts ${name}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1];
      await writeFile(join(directory, `${name}.ts`), code ?? '');
      const env = { APOLLO_TELEMETRY_DISABLED: 'true' };
      const running = await runScript(join(directory, `${name}.ts`), { cwd: directory, env });
      const ask = async (query: string, authorization?: string): Promise<string> => {
        const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
        const response = await fetch(running.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
        return response.text();
      };
      bodies.push(
        await Promise.all([
          ask('{ whoAmI }', 'Bearer ada'),
          ask('{ whoAmI }', 'Bearer bob'),
          ask('{ whoAmI }'),
          ask('query Shelf { book { id title stars } echo(word: "hi") }'),
          ask('mutation { rename(title: "Persuasion") { title stars } }', 'Bearer ada'),
        ]),
      );
      await running.stop();
    }
    expect(bodies[0]![0]).toBe('{"data":{"whoAmI":"Bearer ada"}}\n');
    expect(bodies[1]).toEqual(bodies[0]);
  });
});

describe('the tables of the page', () => {
  /** First cells of the tables below a heading. */
  const rows = (...headings: string[]): string[] =>
    headings.flatMap((heading) => {
      const section = new RegExp(`^### ${heading}\\n(.*?)(?=^##)`, 'ms').exec(page)?.[1] ?? '';
      return [...section.matchAll(/^\| `(\w+)/gm)].map((match) => match[1]!);
    });
  const dist = dirname(createRequire(import.meta.url).resolve('@apollo/gateway'));

  /** Names of the members of these interfaces and classes. */
  async function members(file: string, isMeant: (name: string) => boolean): Promise<string[]> {
    const text = await readFile(join(dist, file), 'utf8');
    const names = new Set<string>();
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements) {
      if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) continue;
      if (!isMeant(statement.name?.text ?? '')) continue;
      for (const member of statement.members) {
        const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
        if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)) continue;
        if (member.name !== undefined && ts.isIdentifier(member.name)) names.add(member.name.text);
      }
    }
    return [...names].toSorted();
  }

  it('name every option of ApolloGateway, and no other', async () => {
    const options = await members('config.d.ts', (name) => /GatewayConfig(Base)?$/.test(name));
    expect(options.length).toBeGreaterThan(20);
    const told = rows('All gateways', 'Composition by the gateway', 'Managed federation');
    expect(told.toSorted()).toEqual(options);
  });

  it('name every member of RemoteGraphQLDataSource', async () => {
    const names = await members(
      'datasources/RemoteGraphQLDataSource.d.ts',
      (name) => name === 'RemoteGraphQLDataSource',
    );
    expect(rows('RemoteGraphQLDataSource').toSorted()).toEqual(names);
  });

  it('agree with what createGateway refuses', async () => {
    const options = await members('config.d.ts', (name) => /GatewayConfig(Base)?$/.test(name));
    const kept = ['logger', 'supergraphSdl'];
    expect(Object.keys(replacedOptions).toSorted()).toEqual(options.filter((name) => !kept.includes(name)));
  });
});
