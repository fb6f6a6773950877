import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { bodies, type BenchmarkBody } from '../bodies.js';
import type { FloorCall, FloorScript } from '../gateways/floor.js';
import { floorFile } from '../gateways/definitions.js';
import type { RunningGateway } from '../gateways/RunningGateway.js';
import type { Lab } from '../lab.js';
import { userId } from '../load/generator.js';
import type { RecordedCall } from '../subgraphs/server.js';

/** Stock's data for one request. */
interface Expected {
  readonly body: BenchmarkBody;
  readonly json: string;
  readonly data: unknown;
}

/** What stock Apollo Gateway answers: every body, and those with an id for 20 ids. */
export type Reference = readonly Expected[];

/** Ids for the comparison; the load uses others. */
const comparisonIds = Array.from({ length: 20 }, (_, i) => userId(90_000_000 + i * 7));

function variants(body: BenchmarkBody): string[] {
  return body.unique ? comparisonIds.map((id) => body.json.replaceAll('{id}', id)) : [body.json];
}

async function dataOf(gateway: RunningGateway, json: string): Promise<unknown> {
  const { status, text } = await gateway.post(json);
  if (status < 200 || status > 299) throw new Error(`${gateway.definition.id}: HTTP ${status}: ${text.slice(0, 300)}`);
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (answer.errors !== undefined) {
    throw new Error(`${gateway.definition.id}: answered with errors: ${JSON.stringify(answer.errors).slice(0, 300)}`);
  }
  return answer.data;
}

/** Asks stock for every body, and writes the floor's script from the subgraph calls that stock makes. */
export async function recordReference(stock: RunningGateway, lab: Lab): Promise<Reference> {
  const reference: Expected[] = [];
  const scripts: FloorScript[] = [];
  for (const body of bodies) {
    for (const json of variants(body)) reference.push({ body, json, data: await dataOf(stock, json) });
    // Every call takes 30 ms here, so that those which stock makes side by side are seen to overlap.
    await lab.subgraphs.ask({ kind: 'reset', delay: [30, 30], record: true });
    const id = comparisonIds[0] as string;
    const { text } = await stock.post(body.json.replaceAll('{id}', id));
    const { record } = await lab.subgraphs.ask({ kind: 'stats' });
    await lab.subgraphs.ask({ kind: 'reset' });
    const { query } = JSON.parse(body.json) as { query: string };
    scripts.push({ query, stages: stagesOf(record, lab, id), answer: text.replaceAll(id, '{id}') });
  }
  writeFileSync(floorFile(lab), JSON.stringify(scripts));
  return reference;
}

/** Calls that began before any other of the same stage had ended belong together. */
function stagesOf(record: readonly RecordedCall[], lab: Lab, id: string): FloorCall[][] {
  const stages: FloorCall[][] = [];
  let ends = -Infinity;
  for (const call of record.toSorted((a, b) => a.from - b.from)) {
    if (call.from >= ends) {
      stages.push([]);
      ends = Infinity;
    }
    ends = Math.min(ends, call.to);
    const origin = `http://127.0.0.1:${lab.ports[call.subgraph]}`;
    stages.at(-1)?.push({ origin, path: `/${call.subgraph}`, body: call.body.replaceAll(id, '{id}') });
  }
  return stages;
}

/** Length in bytes of a gateway's right answers, by body. */
export type AnswerLengths = ReadonlyMap<BenchmarkBody, number>;

/** Compares a gateway's data with stock's, deeply. @throws on the first difference. */
export async function verify(gateway: RunningGateway, reference: Reference): Promise<AnswerLengths> {
  const lengths = new Map<BenchmarkBody, number>();
  for (const { body, json, data } of reference) {
    const received = await dataOf(gateway, json);
    if (!isDeepStrictEqual(received, data)) {
      throw new Error(
        `${gateway.definition.id}: data differs from stock's for ${json.slice(0, 120)}: ${difference(data, received)}`,
      );
    }
    const { text } = await gateway.post(json);
    lengths.set(body, Buffer.byteLength(text));
  }
  return lengths;
}

/** The path of the first difference. */
function difference(expected: unknown, received: unknown, path = 'data'): string {
  const bothObjects =
    typeof expected === 'object' && typeof received === 'object' && expected !== null && received !== null;
  if (!bothObjects)
    return `${path}: ${JSON.stringify(received)?.slice(0, 100)} instead of ${JSON.stringify(expected)?.slice(0, 100)}`;
  for (const key of new Set([...Object.keys(expected), ...Object.keys(received)])) {
    const [a, b] = [Reflect.get(expected, key), Reflect.get(received, key)] as const;
    if (!isDeepStrictEqual(a, b)) return difference(a, b, `${path}.${key}`);
  }
  return `${path}: another shape`;
}
