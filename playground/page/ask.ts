import { createGraphiQLFetcher } from '@graphiql/toolkit';
import type { Fetcher, FetcherOpts, FetcherParams, SyncExecutionResult } from '@graphiql/toolkit';
import { parse } from 'graphql';

import { readHead } from './Head';
import type { Head } from './Head';
import { settings } from './settings';
import type { Identity } from './settings';

/** See src/request/exposePlan.ts. */
export interface ExposedPlan {
  readonly text: string;
  readonly requests?: readonly ExposedCall[];
}

export interface ExposedCall {
  readonly subgraph: string;
  readonly operation: string;
  readonly startedMs: number;
  readonly tookMs: number;
  readonly failed: boolean;
}

/** How the latest operation was answered. */
export interface Outcome {
  /** Absent when the gateway does not expose plans, or the operation was refused before it was planned. */
  readonly plan: ExposedPlan | undefined;
  /** Until the answer was here, as the browser saw it. */
  readonly tookMs: number;
  readonly failedToPlan: boolean;
  /** Of the answer. */
  readonly head: Head | undefined;
}

type Answer = { readonly data?: unknown; readonly extensions?: { readonly queryPlan?: ExposedPlan } };

type Report = (outcome: Outcome | undefined) => void;

/**
 * Sends operations to the gateway; hands the plan out and the answer without it to the editor.
 *
 * @param caller who asks now; undefined is nobody
 * @param begin called when an operation is sent; what it gives is told how it went
 */
export function createAsk(caller: () => Identity | undefined, begin: () => Report): Fetcher {
  return async (params, given) => {
    const options = withHeadersOf(caller(), given);
    let head: Head | undefined;
    const send = createGraphiQLFetcher({
      url: settings.endpoint,
      headers: { 'portico-expose-query-plan': 'true' },
      async fetch(...request) {
        const response = await fetch(...request);
        head = readHead(response);
        return response;
      },
    });
    if (isIntrospection(params)) return send(params, options);
    const report = begin();
    report(undefined);
    const startedAt = performance.now();
    const read = (answer: Answer): Answer => {
      const { data, extensions } = answer;
      if (!('hasNext' in answer) || extensions?.queryPlan !== undefined) {
        const tookMs = performance.now() - startedAt;
        report({ plan: extensions?.queryPlan, tookMs, failedToPlan: data == null, head });
      }
      return withoutPlan(answer);
    };
    const sent = await send(withKnownName(params), options);
    if ('subscribe' in sent) return sent;
    // Answers in one piece come in an iterator too.
    const answers = Symbol.asyncIterator in sent ? readEach(sent as AsyncIterable<Answer>, read) : read(sent as Answer);
    return answers as unknown as SyncExecutionResult;
  };
}

async function* readEach(answers: AsyncIterable<Answer>, read: (answer: Answer) => Answer) {
  for await (const answer of answers) {
    // Parts of an answer that is delivered step by step come as lists.
    yield Array.isArray(answer) ? answer.map(read) : read(answer);
  }
}

/** What is written into the editor of headers goes before what the identity sends. */
function withHeadersOf(identity: Identity | undefined, options: FetcherOpts | undefined): FetcherOpts | undefined {
  if (identity === undefined) return options;
  const typed = (options?.headers ?? {}) as Readonly<Record<string, string>>;
  const names = new Set(Object.keys(typed).map((name) => name.toLowerCase()));
  const others = Object.entries(identity.headers).filter(([name]) => !names.has(name));
  return { ...options, headers: { ...Object.fromEntries(others), ...typed } };
}

/** Right after a change of tabs the editor still has the name of the operation in the other one. */
function withKnownName(params: FetcherParams): FetcherParams {
  const { operationName } = params;
  if (operationName == null) return params;
  try {
    const names = parse(params.query).definitions.map((each) => ('name' in each ? each.name?.value : undefined));
    return names.includes(operationName) ? params : { ...params, operationName: names[0] ?? null };
  } catch {
    return params; // The gateway says what is wrong with it.
  }
}

function isIntrospection({ operationName }: FetcherParams): boolean {
  return operationName === 'IntrospectionQuery';
}

function withoutPlan(answer: Answer): Answer {
  if (answer.extensions?.queryPlan === undefined) return answer;
  const { queryPlan: _, ...others } = answer.extensions;
  const { extensions: __, ...rest } = answer;
  return Object.keys(others).length === 0 ? rest : { ...rest, extensions: others };
}
