import { parentPort } from 'node:worker_threads';

import { workerInput } from '../../../base/kit/workerInput.js';
import type { PlanRequest } from '../Planner.js';
import { createPlanning } from './createPlanning.js';
import { messageOf } from '../../../base/kit/messageOf.js';

export interface PlanWorkerData {
  readonly supergraphSdl: string;
  /** Tests only: an operation with this name hangs, exits or eats memory, as a planner's defect would. */
  readonly trap: { readonly operationName: string; readonly does: 'hang' | 'exit' | 'eat' } | undefined;
}

/** Plans travel as JSON text: three times cheaper than a structured clone. */
export type PlanWorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'plan'; readonly plan: string }
  | { readonly kind: 'failure'; readonly why: string };

/** Entry of a planner thread: builds the planner, says `ready`, then answers one PlanRequest after the other. */
function main(data: PlanWorkerData): void {
  const port = parentPort!;
  const reply = (message: PlanWorkerReply): void => port.postMessage(message);
  let planning;
  try {
    planning = createPlanning(data.supergraphSdl);
  } catch (error) {
    return reply({ kind: 'broken', why: messageOf(error) });
  }
  port.on('message', (request: PlanRequest) => {
    if (data.trap !== undefined) spring(data.trap, request);
    try {
      reply({ kind: 'plan', plan: JSON.stringify(planning(request)) });
    } catch (error) {
      reply({ kind: 'failure', why: messageOf(error) });
    }
  });
  reply({ kind: 'ready' });
}

function spring({ operationName, does }: NonNullable<PlanWorkerData['trap']>, { text: operation }: PlanRequest): void {
  if (!operation.includes(operationName)) return;
  if (does === 'exit') process.exit(3);
  const eaten: unknown[] = [];
  for (;;) if (does === 'eat') eaten.push(Array.from({ length: 100_000 }, (_, at) => ({ at })));
}

main(await workerInput());
