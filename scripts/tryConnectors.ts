/**
 * Tries connectors that others wrote: `npx tsx scripts/tryConnectors.ts FOLDER`. Composes every `.graphql` below the folder as a subgraph of its
 * own (or expands it, when it is a supergraph), reads the supergraph, and runs an operation for each field of Query against a service made up from the connector's mapping. Prints a line
 * per file. Nothing is sent anywhere.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Lifetime } from '../src/base/kit/Lifetime.js';
import { compose } from '../src/supergraph/compose/compose.js';
import { expandSupergraph } from '../src/supergraph/compose/expandSupergraph.js';
import { CompositionError } from '../src/supergraph/compose/CompositionError.js';
import { printProblem } from '../src/supergraph/compose/problems.js';
import { outputShape } from '../src/supergraph/connect/mapping/outputShape.js';
import type { OutputShape } from '../src/supergraph/connect/mapping/outputShape.js';
import { parseSelection } from '../src/supergraph/connect/mapping/parseSelection.js';
import type { Connector } from '../src/supergraph/model/Connector.js';
import type { Supergraph } from '../src/supergraph/model/Supergraph.js';
import { readSupergraph } from '../src/supergraph/read/readSupergraph.js';
import { createConnectors, DEFAULT_CONNECTORS_CONFIG } from '../src/upstream/createConnectors.js';
import type { SubgraphCall, SubgraphClient } from '../src/upstream/SubgraphClient.js';

interface Sent {
  readonly method: string;
  readonly path: string;
}

/** An answer that has every name of a mapping, whatever path leads to it. */
function madeUp(shape: OutputShape): unknown {
  if (shape.kind === 'value') return 1;
  return Object.fromEntries([...shape.fields].map(([name, field]) => [name, madeUp(field.shape)]));
}

function clientsOf(
  { connectors, fieldTypes, possibleTypes, inputDefaults }: Supergraph,
  sent: Sent[],
  body: unknown,
): Map<string, SubgraphClient> {
  return createConnectors(connectors.values(), {
    config: DEFAULT_CONNECTORS_CONFIG,
    types: { fieldTypes, possibleTypes, inputDefaults },
    placeOf: () => ({}),
    readOnlyHeaders: () => new Set(),
    createClient: ({ name }) => ({
      name,
      execute(call) {
        sent.push(call.rest!);
        return Promise.resolve({
          data: body,
          errors: undefined,
          extensions: undefined,
          status: 200,
          headers: {},
          shared: false,
        });
      },
      close: () => Promise.resolve(),
    }),
  });
}

/** Calls a connector with 1 for every argument and key. */
async function call(supergraph: Supergraph, connector: Connector): Promise<string> {
  const parsed = parseSelection(connector.selection, { specVersion: connector.version });
  if (!parsed.ok) return 'selection cannot be read';
  const sent: Sent[] = [];
  const client = clientsOf(supergraph, sent, madeUp(outputShape(parsed.value))).get(connector.graph)!;
  const { root, fieldName, typeName, argumentTypes, key } = connector;
  const given = Object.entries(argumentTypes).filter(([, type]) => /^(ID|String|Int|Float)$/.test(type));
  const args =
    given.length === 0
      ? ''
      : `(${given.map(([name, type]) => `${name}: ${type === 'Int' || type === 'Float' ? '1' : '"1"'}`).join(', ')})`;
  const isLeaf =
    !supergraph.fieldTypes.has(connector.outputType) && !supergraph.possibleTypes.has(connector.outputType);
  const inner = isLeaf ? '' : ' { __typename }';
  const representation = { __typename: typeName, ...keyValues(key ?? '') };
  const field = fieldName === undefined ? '__typename' : `${fieldName}${args}${inner}`;
  const text =
    root === undefined
      ? `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${typeName} { ${field} } } }`
      : `${root} { ${field} }`;
  const lifetime = new Lifetime(10_000);
  const given_: SubgraphCall = {
    operation: { kind: root === 'mutation' ? 'mutation' : 'query', name: undefined, text, bodyHead: '' },
    variablesJson: root === undefined ? JSON.stringify({ representations: [representation] }) : undefined,
    headers: [],
    correlation: [],
    lifetime,
    epoch: 0,
  };
  try {
    const reply = await client.execute(given_);
    const what = sent.map(({ method, path }) => `${method} ${path}`).join(', ');
    return `${what === '' ? 'nothing to ask' : what}${reply.errors === undefined ? '' : ` with errors ${JSON.stringify(reply.errors)}`}`;
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    lifetime.close();
  }
}

/** `id size { unit }` as values. */
function keyValues(key: string): Record<string, unknown> {
  const json = key
    .replaceAll(/([A-Za-z_]\w*)(?=\s*\{)/g, '"$1":')
    .replaceAll(/(?<!["\w])([A-Za-z_]\w*)(?!["\w:])/g, '"$1":"1"')
    .replaceAll(/(["}])\s+"/g, '$1,"');
  return JSON.parse(`{${json}}`) as Record<string, unknown>;
}

function composed(sdl: string, file: string): string {
  // Parts of a graph may have no Query of their own.
  const root = { name: 'root', url: 'http://root.test', sdl: 'type Query { tried: Boolean }' };
  return compose([{ name: 'tried', url: '', sdl, file }, root]).supergraphSdl;
}

async function tryFile(file: string): Promise<readonly string[]> {
  const sdl = await readFile(file, 'utf8');
  if (!/specs\.apollo\.dev\/connect/.test(sdl)) return [];
  try {
    const supergraph = readSupergraph(/join__Graph/.test(sdl) ? expandSupergraph(sdl) : composed(sdl, file));
    const lines: string[] = [];
    for (const connector of supergraph.connectors.values()) {
      lines.push(`    ${connector.graph}: ${await call(supergraph, connector)}`);
    }
    return [`ok       ${file}: ${supergraph.connectors.size} connectors`, ...lines];
  } catch (error) {
    const why = error instanceof CompositionError ? error.problems.slice(0, 3).map(printProblem) : [String(error)];
    return [`refused  ${file}`, ...why.map((each) => `    ${each.split('\n')[0]}`)];
  }
}

const [folder = '.'] = process.argv.slice(2);
const names = (await readdir(folder, { recursive: true })).filter((name) => /\.graphqls?$/.test(name)).toSorted();
for (const name of names) for (const line of await tryFile(join(folder, name))) console.log(line);
