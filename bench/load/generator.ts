/**
 * Process: a closed-loop load generator. Each connection sends its next request when the last answer is complete.
 * One `LoadOrder` message from the parent gives one `LoadResult` back. The child ends with its parent.
 */
import { HttpConnection } from './HttpConnection.js';

/** One HTTP POST. `{id}` in the body stands for the iteration's user id. */
export interface LoadStep {
  readonly port: number;
  readonly path: string;
  /** More headers of the request, by name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** JSON texts, used in turn. */
  readonly bodies: readonly string[];
  /** Length in bytes of the right answer to each body; 0 when not known. */
  readonly lengths: readonly number[];
}

export interface LoadOrder {
  /** Sent one after the other in each iteration; one step is the common case. */
  readonly steps: readonly LoadStep[];
  readonly connections: number;
  /** Stop after so many ms … */
  readonly milliseconds?: number;
  /** … or after so many iterations. */
  readonly iterations?: number;
  /** Number of the first user id. */
  readonly firstId: number;
}

export interface LoadResult {
  readonly iterations: number;
  readonly seconds: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
  /** ms */
  readonly longest: number;
  readonly mean: number;
  readonly failures: number;
  /** Connections that the server closed while it owed an answer of which nothing had come; the request was sent again. */
  readonly reconnects: number;
  /** What the first failure was. */
  readonly failure: string | undefined;
  /** The first user id that was not used. */
  readonly nextId: number;
}

interface CompiledStep {
  readonly port: number;
  readonly texts: readonly (Buffer | readonly string[])[];
  readonly lengths: readonly number[];
}

/** `u` and 8 digits. */
export function userId(number: number): string {
  return 'u' + String(number).padStart(8, '0');
}

function compile(step: LoadStep): CompiledStep {
  const texts = step.bodies.map((body) => {
    const length = Buffer.byteLength(body.replaceAll('{id}', userId(0)));
    const more = Object.entries(step.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
    const request =
      `POST ${step.path} HTTP/1.1\r\nhost: 127.0.0.1:${step.port}\r\ncontent-type: application/json\r\n` +
      `accept: application/json\r\n${more.join('')}content-length: ${length}\r\n\r\n${body}`;
    return body.includes('{id}') ? request.split('{id}') : Buffer.from(request);
  });
  return { port: step.port, texts, lengths: step.lengths };
}

function runLoad(order: LoadOrder): Promise<LoadResult> {
  const steps = order.steps.map(compile);
  const last = steps.length - 1;
  const times: number[] = [];
  let nextId = order.firstId;
  let begun = 0;
  let failures = 0;
  let failure: string | undefined;
  let reconnects = 0;
  let idle = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + (order.milliseconds ?? Infinity);
  const limit = order.iterations ?? Infinity;

  return new Promise((resolve) => {
    const all: HttpConnection[] = [];
    const finish = (): void => {
      for (const connection of all) connection.close();
      const seconds = (performance.now() - startedAt) / 1000;
      const sorted = Float64Array.from(times).sort();
      const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
      const mean = times.reduce((sum, t) => sum + t, 0) / Math.max(1, times.length);
      resolve({
        iterations: times.length,
        seconds,
        p50: at(0.5),
        p99: at(0.99),
        longest: at(1),
        mean,
        failures,
        reconnects,
        failure,
        nextId,
      });
    };
    const startClient = (): void => {
      let step = 0;
      let turn = 0;
      let sentAt = 0;
      let ended = false;
      let resent = -1;
      let id = '';
      const fail = (reason: string): void => {
        failures++;
        failure ??= reason;
      };
      const end = (): void => {
        if (ended) return;
        ended = true;
        if (++idle === order.connections) finish();
      };
      const send = (): void => {
        const { texts } = steps[step] as CompiledStep;
        const text = texts[turn % texts.length] as Buffer | readonly string[];
        (connections[step] as HttpConnection).send(Buffer.isBuffer(text) ? text : text.join(id));
      };
      const begin = (): void => {
        if (begun >= limit || performance.now() >= endsAt) return end();
        turn = begun++;
        id = userId(nextId++);
        step = 0;
        sentAt = performance.now();
        send();
      };
      const onAnswer = (status: number, length: number): void => {
        const { lengths } = steps[step] as CompiledStep;
        const expected = lengths[turn % lengths.length] ?? 0;
        if (status < 200 || status > 299 || (expected > 0 && expected !== length)) {
          const { sample } = connections[step] as HttpConnection;
          fail(`HTTP ${status}, ${length} bytes where ${expected} were expected: ${sample.slice(0, 300)}`);
        }
        if (step < last) {
          step++;
          return send();
        }
        times.push(performance.now() - sentAt);
        begin();
      };
      const open = (at: number): HttpConnection => {
        const onFailure = (reason: string): void => {
          if (ended) return;
          // A server may close a connection that it takes for idle just as a request arrives. Clients try again, once.
          if (connections[at]?.answering === false && step === at && resent !== turn) {
            resent = turn;
            reconnects++;
            all.push((connections[at] = open(at)));
            return send();
          }
          fail(reason);
          end();
        };
        return new HttpConnection((steps[at] as CompiledStep).port, onAnswer, onFailure);
      };
      const connections: HttpConnection[] = [];
      for (let at = 0; at < steps.length; at++) connections.push(open(at));
      all.push(...connections);
      begin();
    };
    for (let i = 0; i < order.connections; i++) startClient();
  });
}

if (process.send !== undefined) {
  process.on('message', (order: LoadOrder) => void runLoad(order).then((result) => process.send?.(result)));
  process.on('disconnect', () => process.exit(0));
  process.send('ready');
}
