/**
 * Process: the floor. It makes the subgraph calls that stock Apollo Gateway was seen to make, stage by stage, parses each
 * answer and writes a prepared answer of the right size. No GraphQL at all: what is left is HTTP and JSON.
 * Environment: FLOOR (file with `FloorScript[]`), PORT.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool, type Dispatcher } from 'undici';

/** What the floor does for one request text. `{id}` stands for the request's user id. */
export interface FloorScript {
  /** The client's query text. */
  readonly query: string;
  readonly stages: readonly (readonly FloorCall[])[];
  readonly answer: string;
}

export interface FloorCall {
  readonly origin: string;
  readonly path: string;
  readonly body: string;
}

const scripts = new Map<string, FloorScript>();
for (const script of JSON.parse(readFileSync(process.env['FLOOR'] ?? '', 'utf8')) as FloorScript[]) {
  scripts.set(script.query, script);
}

const pools = new Map<string, Pool>();

function poolFor(origin: string): Pool {
  let pool = pools.get(origin);
  if (pool === undefined) pools.set(origin, (pool = new Pool(origin, { connections: 64 })));
  return pool;
}

const headers = ['content-type', 'application/json', 'accept', 'application/json'];

function call(to: FloorCall, id: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const options = { path: to.path, method: 'POST' as const, headers, body: to.body.replaceAll('{id}', id) };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        resolve(JSON.parse(bytes.toString()));
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    };
    poolFor(to.origin).dispatch(options, handler);
  });
}

async function serve(text: string): Promise<string> {
  const { query, variables } = JSON.parse(text) as { query: string; variables?: { id?: string } };
  const script = scripts.get(query);
  if (script === undefined) return '{"data":{"__typename":"Query"}}';
  const id = variables?.id ?? '';
  for (const stage of script.stages) await Promise.all(stage.map((to) => call(to, id)));
  return id === '' ? script.answer : script.answer.replaceAll('{id}', id);
}

const server = createServer((req, res) => {
  let text = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => (text += chunk));
  req.on('end', () => {
    serve(text).then(
      (answer) => {
        res.writeHead(200, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(answer))]);
        res.end(answer);
      },
      (error: unknown) => res.writeHead(502).end(String(error)),
    );
  });
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env['PORT']), '127.0.0.1');
