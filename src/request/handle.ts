import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';

import { lifetimeError } from '../base/errors/lifetimeError.js';
import { writeJson } from '../base/kit/json.js';
import type { Run, RunInput } from '../engine/execute/Run.js';
import { readSchemaNames } from '../engine/operation/canonicalKeys.js';
import { requestError } from '../engine/operation/requestError.js';
import { AnswerData } from '../engine/respond/AnswerData.js';
import type { HeaderPairs } from '../upstream/SubgraphClient.js';

import type { Admission } from './Admission.js';
import { admit, forOne } from './admit.js';
import type { GraphQLReply, GraphQLRequest, RequestContext } from './context.js';
import { AnswerCaching } from './AnswerCaching.js';
import { AnswerHeaders } from './headers/AnswerHeaders.js';
import { charge } from './charge.js';
import { demand } from './demand.js';
import { Epochs } from './Epochs.js';
import { ExecutionInput } from './ExecutionInput.js';
import type { ExecutionFacts } from './ExecutionInput.js';
import { planWish } from './exposePlan.js';
import type { ExposedCall, PlanWish } from './exposePlan.js';
import type { GenerationParts } from './Generation.js';
import type { ForwardedHeaders } from './headers/compileHeaders.js';
import { withDegradations } from './withDegradations.js';
import { createPreparer } from './prepare.js';
import type { PreparedOperation } from './prepare.js';
import type { LimitNotes } from './ratelimit/LimitNotes.js';
import type { RequestRoutes } from './routing/compileRouting.js';
import { SharedExecutions } from './SharedExecutions.js';

/** Answers one request on one generation. Rejects with a PorticoError when the whole request fails (deadline, planning). */
export type Handle = (request: GraphQLRequest) => Promise<GraphQLReply>;

const NO_HEADERS: HeaderPairs = [];
const SILENT: LimitNotes = { headers: false, extensions: false };
const unchanged = (reply: GraphQLReply): GraphQLReply => reply;

/** What is to be executed, decided; for whom and until when is the context's business. */
interface Work {
  readonly operation: PreparedOperation;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Override labels that are on. */
  readonly labels: readonly string[];
  readonly origin: unknown;
  readonly forwarded: ForwardedHeaders | undefined;
  readonly admission: Admission<PreparedOperation>;
  readonly routes: RequestRoutes | undefined;
  /** Subgraphs that are not asked: what they would be asked for costs too much. Follows from operation and variables. */
  readonly skipped: ReadonlySet<string> | undefined;
}

/**
 * The life of a request, once its document is parsed and validated. Read it as a contents page: every stage takes values and gives
 * values, in this order.
 */
export function createHandle(parts: GenerationParts): Handle {
  const prepareOperation = createPreparer(parts, readSchemaNames(parts.supergraph.apiSchema));
  const prepared = new LRUCache<string, PreparedOperation>({ max: parts.maxPrepared });
  const shared = new SharedExecutions<GraphQLReply>();
  const { exposePlans } = parts;
  const exposesPlans = typeof exposePlans === 'function' ? exposePlans : () => exposePlans;
  const epochs = new Epochs();

  // what?   Cached per document; limits are part of it.
  const prepare = ({ document, documentHash, operationName }: GraphQLRequest): PreparedOperation => {
    const key = operationName === undefined ? documentHash : `${documentHash}\n${operationName}`;
    let known = prepared.get(key);
    if (known === undefined) prepared.set(key, (known = prepareOperation(document, operationName)));
    return known;
  };

  const execute = async (work: Work, context: RequestContext, onCall?: RunInput['onCall']): Promise<GraphQLReply> => {
    const { operation, variables, labels, origin } = work;
    const { lifetime } = context;
    context.trace.planned = { text: operation.operation.text, labels };
    const known = operation.executable(labels, lifetime);
    const executable = known instanceof Promise ? await known : known;
    const caching = new AnswerCaching(origin, context);
    const { takeHeaders } = parts;
    const taken = takeHeaders && new AnswerHeaders();
    const facts: ExecutionFacts = {
      variables: renamed(variables, operation),
      forwarded: work.forwarded,
      routes: work.routes,
      skipped: work.skipped,
      keptFor: parts.hookKeyOf === undefined ? '' : parts.hookKeyOf(origin),
      onReply: takeHeaders && ((subgraph, turn, { headers }) => taken?.add(turn, takeHeaders(subgraph, headers))),
      onCall,
    };
    const run = executable.start(new ExecutionInput(facts, context, caching, epochs));
    if (run.done !== undefined) await run.done;
    if (operation.operation.kind === 'mutation') epochs.touch(executable.subgraphs);
    if (lifetime.ended !== undefined) throw lifetimeError(lifetime.ended);
    return respond(work, run, context, caching, taken);
  };

  /** With the plan, and the calls of this request: it shares its execution with nobody. */
  const explain = async (work: Work, context: RequestContext, wish: PlanWish): Promise<GraphQLReply> => {
    const text = await work.operation.planText(work.labels, context.lifetime);
    if (wish === 'dry-run')
      return { data: AnswerData.of('null'), errors: [], extensions: { queryPlan: { text } }, points: 0 };
    const requests: ExposedCall[] = [];
    const startedAt = performance.now();
    const onCall: RunInput['onCall'] = (subgraph, callStartedAt, callFailed, sent) => {
      requests.push({
        subgraph,
        operation: sent.text,
        startedMs: milliseconds(callStartedAt - startedAt),
        tookMs: milliseconds(performance.now() - callStartedAt),
        failed: callFailed,
      });
    };
    const reply = await execute(work, context, onCall);
    return { ...reply, extensions: { ...reply.extensions, queryPlan: { text, requests } } };
  };

  return async (request) => {
    const { context, origin } = request;
    let operation: PreparedOperation;
    try {
      operation = prepare(request);
    } catch (error) {
      if (error instanceof GraphQLError) return { data: undefined, errors: [error], extensions: undefined };
      throw error;
    }
    const { kind, name } = operation.operation;
    context.trace.operationName = name;
    context.trace.operationKind = kind;
    if (kind === 'subscription')
      return failed(
        requestError('SUBSCRIPTIONS_NOT_SUPPORTED', 'Subscriptions cannot be answered over this transport'),
      );

    const coerced = operation.coerce(request.variables);
    if ('errors' in coerced) return { data: undefined, errors: coerced.errors, extensions: undefined };
    const variables = coerced.values;

    // may they?   What they may not have leaves the operation here, and nobody is asked for it.
    const deciding = admit(parts.authorizer, operation.settle(variables), variables, context);
    const admission = deciding instanceof Promise ? await deciding : deciding;
    if (admission.rejection !== undefined)
      return { data: undefined, errors: admission.rejection, extensions: undefined };
    operation = admission.operation;

    // how much?   400 when it is estimated to cost more than one operation may.
    const demanded = parts.demand && demand(operation.costs, variables, context, parts.demand, parts.limits);
    if (demanded?.rejection !== undefined) return demanded.rejection;

    // how often?   429, or without the fields that were asked too often.
    const charging = charge(operation, variables, context, parts.limitNotes ?? SILENT, demanded?.points);
    const charged = charging instanceof Promise ? await charging : charging;
    if (charged?.rejection !== undefined) return charged.rejection;
    operation = charged?.operation ?? operation;
    const finish = both(charged?.finish, demanded?.finish);
    const labels = operation.rollLabels();

    // as whom?   No client header reaches a subgraph unless a rule says so.
    const forwarded = parts.forwardHeaders?.(context);

    // where to?   Among several endpoints of a subgraph.
    const routes = parts.routeRequest?.({ context, operationName: name });

    const skipped = demanded?.skipped;
    const work: Work = { operation, variables, labels, origin, forwarded, routes, skipped, admission };
    const wish = exposesPlans(context) ? planWish(context) : undefined;
    if (wish !== undefined) return finish(await explain(work, context, wish));
    const hookKey = parts.hookKeyOf === undefined ? '' : parts.hookKeyOf(origin);
    if (kind === 'mutation' || !parts.dedupe || hookKey === undefined) return finish(await execute(work, context));
    // The operation stands for generation, document and operation name; then everything else of a request that shapes its answer.
    const values = request.variables === undefined ? '' : writeJson(variables);
    const shaped = `${forwarded?.key ?? ''}\n${routes?.key ?? ''}\n${hookKey}\n${admission.key}`;
    const key = `${epochs.current}\n${labels.join(',')}\n${values}\n${shaped}`;
    return finish(await shared.join(operation, key, context, (leader) => execute(work, leader)));
  };
}

function respond(
  { operation, variables, admission }: Work,
  run: Run,
  context: RequestContext,
  caching: AnswerCaching,
  taken: AnswerHeaders | undefined,
): GraphQLReply {
  const introspection = operation.introspection(variables, admission.introspect);
  const { data, errors: found, droppedErrors } = operation.projector(variables)(run, introspection);
  for (const fault of run.faults.all) context.trace.failures.push(fault.cause);
  context.trace.failures.push(...run.suppressed);
  const errors = admission.errors.length === 0 ? found : [...admission.errors, ...found];
  const head = taken?.merge();
  if (head?.problem !== undefined) context.trace.failures.push(head.problem);
  // Never to those who share the answer: a cookie is for the one whose request the subgraph has seen.
  const cookies = head?.cookies ?? NO_HEADERS;
  context.answerHeaders.push(...cookies);
  const isWhole = errors.length === 0 && run.degradations.isEmpty;
  const isStorable = operation.operation.kind === 'query' && isWhole && cookies.length === 0;
  const dropped = droppedErrors + admission.droppedErrors;
  const extensions = dropped === 0 ? admission.extensions : { ...admission.extensions, droppedErrors: dropped };
  const policy = caching.policy(isStorable);
  const cachePolicy = admission.isPersonal ? forOne(policy) : policy;
  const points = operation.costs?.measure(run, variables);
  const headers = head?.forAll;
  const reply: GraphQLReply = { data, errors, extensions, headers, cachePolicy, points };
  return run.degradations.isEmpty ? reply : withDegradations(reply, run.degradations.all);
}

type Finish = (reply: GraphQLReply) => GraphQLReply;

function both(first: Finish | undefined, second: Finish | undefined): Finish {
  if (first === undefined || second === undefined) return first ?? second ?? unchanged;
  return (reply) => second(first(reply));
}

/** The engine's names of the variables: the planner needs some names for itself. */
function renamed(
  variables: Readonly<Record<string, unknown>>,
  { operation }: PreparedOperation,
): Readonly<Record<string, unknown>> {
  if (operation.renamedVariables.size === 0) return variables;
  const copy = Object.assign(Object.create(null) as Record<string, unknown>, variables);
  for (const [client, engine] of operation.renamedVariables) copy[engine] = variables[client];
  return copy;
}

function milliseconds(duration: number): number {
  return Math.round(duration * 100) / 100;
}

function failed(error: GraphQLError): GraphQLReply {
  return { data: undefined, errors: [error], extensions: undefined };
}
