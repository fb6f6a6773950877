import { AsyncLocalStorage } from 'node:async_hooks';

import { formatProblem } from '../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../base/config/loadConfig.js';
import { loadServerOptions } from '../base/config/loadServerOptions.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { systemClock } from '../base/kit/Clock.js';
import { refusals } from '../base/telemetry/channels.js';
import { createConfiguredServer } from '../cli/process/configuredServer.js';
import { checkKeys } from '../mocks/checkKeys.js';
import { createHttpClient } from '../upstream/http/httpClient.js';
import { createPoolRegistry } from '../upstream/http/pools.js';
import type { RestSubgraphDefinition } from '../upstream/rest/code/defineRestSubgraph.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import { watchedBy } from './clock/FakeClock.js';
import { Client, CLOSED_BEFORE } from './Client.js';
import type { InjectedAnswer } from './Client.js';
import { createTestClient } from './faults/createTestClient.js';
import { FaultScript } from './faults/FaultScript.js';
import { SubgraphHandle } from './faults/SubgraphHandle.js';
import { readRestWire, readWire } from './faults/WireAnswer.js';
import { openGraph } from './openGraph.js';
import type { OpenGraph } from './openGraph.js';
import { createWorkshop } from './prepareGraph.js';
import { CallLog } from './records/CallLog.js';
import { RequestLog } from './records/RequestLog.js';
import type { RequestRecord } from './records/RequestRecord.js';
import type { TestGateway, TestGatewayOptions } from './TestGateway.js';

/**
 * Starts a gateway over subgraphs of any kind: everything between the HTTP edge and the socket to a subgraph is as in `portico start`.
 *
 * Errors: a TypeError for an option or a subgraph that is none; CompositionError with all problems; CONFIG_INVALID for mistakes in
 * `settings`; what the subgraphs' own makers say.
 */
export async function createTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  checkKeys('createTestGateway', options, ['subgraphs', 'supergraph', 'settings', 'seed', 'mocks', 'clock']);
  const graph = await openGraph(options);
  const loaded = loadSettings(options, graph);
  const clock = options.clock ?? systemClock;
  const current = new AsyncLocalStorage<RequestRecord>();
  const requests = new RequestLog();
  const log = new CallLog(clock);
  const scripts = new Map(graph.subgraphs.map(({ name }) => [name, new FaultScript()]));
  const traffic = new TrafficRegistry();
  const handles = new Map([...scripts].map(([name, script]) => [name, new SubgraphHandle(name, log, script, traffic)]));
  const pools = createPoolRegistry();
  const bySubgraph = new Map(graph.subgraphs.map((subgraph) => [subgraph.name, subgraph]));

  const sender: ClientsOptions['sender'] = ({ name, url }, options) => {
    const { answer, answerRest, observer } = bySubgraph.get(name)!;
    const http =
      answer === undefined && answerRest === undefined ? createHttpClient({ name, url, options, pools }) : undefined;
    const { maxResponseBytes } = options;
    return createTestClient({
      name,
      url,
      maxResponseBytes,
      clock,
      script: scripts.get(name)!,
      begin: (call) => log.begin(name, call, current.getStore()),
      send: async (call, recorded) =>
        call.rest !== undefined && answerRest !== undefined
          ? readRestWire(name, await answerRest(call.rest), maxResponseBytes)
          : ((await http?.execute(call)) ?? readWire(name, await answer!(recorded), maxResponseBytes)),
      ended: (recorded) => observer?.ended(recorded, current.getStore()?.clientHeaders ?? {}),
      close: () => http?.close() ?? Promise.resolve(),
    });
  };
  const { queryPlanner, server: listening } = loaded.config;
  const restMocks = new Map(
    graph.subgraphs.flatMap(({ name, url, answerRest }) => (answerRest === undefined ? [[name, url] as const] : [])),
  );
  const { server, http } = await createConfiguredServer(loaded, graph.supergraphSdl, {
    clock,
    traffic,
    engine: {
      sender,
      restMocks,
      restSubgraphs: inCode(graph),
      workshop: createWorkshop((request, plan) => requests.planned(request, plan)),
      exposePlans: () => queryPlanner.expose || current.getStore()?.dryRun === true,
    },
    http: {
      onRequest: (exchange) => current.getStore()?.begins(exchange),
    },
  });
  await server.start();
  await http.fastify.ready();
  const stopListening = refusals.subscribe((refusal) => requests.refused(refusal));
  const stopWatching = watchedBy(options.clock, () => requests.isBusy());
  let closing: Promise<void> | undefined;
  const client = new Client({
    path: listening.path,
    inject: (request, record) =>
      current.run(record, async (): Promise<InjectedAnswer> => {
        if (closing !== undefined) throw new Error('This test gateway is closed');
        const answer = await http.fastify.inject(request);
        // What a server says that is stopping would be taken for what the graph says.
        if (closing !== undefined) throw new Error(CLOSED_BEFORE);
        return answer;
      }),
    requests,
  });
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      stopWatching();
      stopListening();
      requests.leaveAll();
      await http.close(0);
      await server.stop();
    })());

  const gateway: TestGateway = {
    execute: client.execute.bind(client) as TestGateway['execute'],
    fetch: (request, init) => client.fetch(request, init),
    plan: (document, variables, more) => client.plan(document, variables, more),
    as: (identity) => client.as(identity),
    calls: log.calls,
    requests: requests.all,
    get lastRequest() {
      return requests.last;
    },
    supergraphSdl: graph.supergraphSdl,
    subgraph(name) {
      const handle = handles.get(name);
      if (handle === undefined) throw new Error(`No subgraph "${name}", only ${[...handles.keys()].join(', ')}`);
      return handle;
    },
    reset() {
      for (const handle of handles.values()) handle.recover();
      log.calls.length = 0;
      requests.all.length = 0;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
  // It throws where there was no request: whoever prints a gateway does not ask for it.
  return Object.defineProperty(gateway, 'lastRequest', { enumerable: false });
}

/** Subgraphs whose resolvers run in the gateway. */
function inCode({ subgraphs }: OpenGraph): Readonly<Record<string, RestSubgraphDefinition>> {
  return Object.fromEntries(
    subgraphs.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition] as const])),
  );
}

function loadSettings({ settings }: TestGatewayOptions, { subgraphs }: OpenGraph): LoadedConfig {
  const listed = subgraphs.map(({ name, url, sdl }) => [name, { routingUrl: url, schema: { sdl } }] as const);
  const { loaded, problems } = loadServerOptions(
    { ...withoutRetries(settings), supergraph: { subgraphs: Object.fromEntries(listed) } },
    'createTestGateway',
  );
  if (loaded === undefined) throw new PorticoError('CONFIG_INVALID', problems.map(formatProblem).join('\n'));
  return loaded;
}

/** A fault of a test is meant to be seen: nothing is sent again unless the test's own settings speak of retries. */
function withoutRetries(settings: TestGatewayOptions['settings'] = {}): TestGatewayOptions['settings'] {
  const { all, ...shaping } = settings.trafficShaping ?? {};
  return { ...settings, trafficShaping: { ...shaping, all: { retry: { maxAttempts: 1 }, ...all } } };
}
