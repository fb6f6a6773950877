import { writeJson } from '../base/kit/json.js';
import { Lifetime } from '../base/kit/Lifetime.js';
import { connectorCoordinate } from '../supergraph/model/Connector.js';
import type { Connector } from '../supergraph/model/Connector.js';
import { parseAnswer } from '../supergraph/connect/template/parseAnswer.js';
import { parseRequest } from '../supergraph/connect/template/parseRequest.js';
import { createClients } from '../upstream/createClients.js';
import { compileRequest } from '../upstream/rest/request/compileRequest.js';
import { compileAnswer } from '../upstream/rest/response/compileAnswer.js';
import type { RestFailure } from '../upstream/rest/response/compileAnswer.js';
import type { RestRequest } from '../upstream/SubgraphClient.js';
import { Failure } from './Failure.js';
import { readGraphFile } from './readGraphFile.js';

export interface ConnectTryOptions {
  readonly supergraph: string;
  /** `Query.product`, or `Product` for a connector of a type. */
  readonly field: string;
  readonly args: Values;
  readonly this: Values;
  readonly batch: readonly Values[];
  readonly config: Values;
  /** Headers that the client is taken to send. */
  readonly header: ReadonlyArray<readonly [name: string, value: string]>;
}

type Values = Readonly<Record<string, unknown>>;

const TIMEOUT_MS = 30_000;

/** Calls one connector once and prints request, raw answer and mapped value. Gives the exit code. Errors: a Failure. */
export async function runConnectTry(options: ConnectTryOptions): Promise<number> {
  const supergraph = readGraphFile(options.supergraph);
  const connector = choose([...supergraph.connectors.values()], options.field);
  const parts = parseRequest(connector);
  const answers = parseAnswer(connector);
  if (!parts.ok || !answers.ok) throw new Failure([`${options.field}: its texts cannot be read`]);
  const headers = new Map(options.header.map(([name, value]) => [name.toLowerCase(), value]));
  const variables = {
    $args: { ...connector.argumentDefaults, ...options.args },
    $this: options.this,
    $batch: options.batch,
    $config: options.config,
    $request: { headers: Object.fromEntries([...headers].map(([name, value]) => [name, [value]])) },
    // The one who runs this has the environment anyway.
    $env: process.env,
  };
  const built = compileRequest(parts.value)({ variables, clientHeader: (name) => headers.get(name) });
  for (const { place, message } of built.faults) process.stderr.write(`request: ${place}: ${message}\n`);
  if (!built.ok) return 1;
  printRequest(parts.value.origin, built.request);
  const reply = await send(connector, parts.value.origin, built.request);
  const answer = compileAnswer(answers.value)(
    { status: reply.status, headers: reply.headers, body: reply.data },
    variables,
  );
  process.stdout.write(`\n${reply.status}\n${pretty(reply.data)}\n`);
  for (const { argument, message, path } of answer.problems) {
    process.stderr.write(`${argument}: ${[...path, message].join(' ')}\n`);
  }
  process.stdout.write(`\n=> ${answer.ok ? pretty(answer.data) : `a failure: ${told(answer.failure)}`}\n`);
  return answer.ok ? 0 : 1;
}

async function send(connector: Connector, url: string, request: RestRequest) {
  const { subgraph: name, graph } = connector;
  const client = createClients([{ name, url, protocol: 'rest' }], {
    all: { timeoutMs: TIMEOUT_MS, retry: { maxAttempts: 1 } },
  }).get(name)!;
  const lifetime = new Lifetime(TIMEOUT_MS);
  try {
    return await client.execute({
      operation: { kind: 'mutation', name: undefined, text: '', bodyHead: graph },
      variablesJson: undefined,
      headers: [],
      correlation: [],
      lifetime,
      epoch: 0,
      rest: request,
    });
  } finally {
    lifetime.close();
    await client.close();
  }
}

function choose(connectors: readonly Connector[], field: string): Connector {
  const found = connectors.find((each) => connectorCoordinate(each) === field || each.graph === field);
  if (found !== undefined) return found;
  const known = connectors.map(connectorCoordinate).join(', ');
  throw new Failure([
    `--field: there is no connector ${field} (${known === '' ? 'there are none' : `there are ${known}`})`,
  ]);
}

function printRequest(origin: string, { method, path, headers, body }: RestRequest): void {
  const lines = [`${method} ${origin}${path}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) lines.push('', body);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What the client is told of it. */
function told(failure: RestFailure): string {
  const isMapped = failure.message !== undefined || Object.keys(failure.extensions).length > 0;
  return isMapped
    ? pretty(failure)
    : 'the client is told no more, for nothing is mapped (errors: { message, extensions })';
}

function pretty(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = writeJson(value);
  // Integers beyond 2^53 would change if they were parsed again.
  return /\d{16}/.test(text) ? text : JSON.stringify(JSON.parse(text), undefined, 2);
}
