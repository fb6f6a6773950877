import { formatProblem } from '../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../base/config/loadConfig.js';
import { loadServerOptions } from '../base/config/loadServerOptions.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { systemClock } from '../base/kit/Clock.js';
import type { Clock } from '../base/kit/Clock.js';
import { refusals } from '../base/telemetry/channels.js';
import { createConfiguredServer } from '../cli/process/configuredServer.js';
import type { ConfiguredServer } from '../cli/process/configuredServer.js';
import { checkKeys } from '../mocks/checkKeys.js';
import type { RestSubgraphDefinition } from '../upstream/rest/code/defineRestSubgraph.js';
import { watchedBy } from './clock/FakeClock.js';
import { Client, CLOSED_BEFORE } from './Client.js';
import type { ClientParts } from './Client.js';
import { createTestSender } from './faults/createTestSender.js';
import { openGraph } from './openGraph.js';
import type { OpenGraph } from './openGraph.js';
import { createWorkshop } from './prepareGraph.js';
import { Observations } from './records/Observations.js';
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
  const observed = new Observations(graph, options.clock ?? systemClock);
  const configured = await createServer(loaded, graph, observed);
  await configured.server.start();
  await configured.http.fastify.ready();
  const closing = createClosing(configured, observed, options.clock);
  const client = new Client({
    path: loaded.config.server.path,
    inject: createInject(configured, observed, closing),
    requests: observed.requests,
  });
  return createHandle(graph, observed, client, closing);
}

function createServer(loaded: LoadedConfig, graph: OpenGraph, observed: Observations): Promise<ConfiguredServer> {
  const { clock, traffic, current, requests } = observed;
  const { queryPlanner } = loaded.config;
  return createConfiguredServer(loaded, graph.supergraphSdl, {
    clock,
    traffic,
    engine: {
      sender: createTestSender(graph, observed),
      restMocks: mocksOfRest(graph),
      restSubgraphs: inCode(graph),
      workshop: createWorkshop((request, plan) => requests.planned(request, plan)),
      exposePlans: () => queryPlanner.expose || current.getStore()?.dryRun === true,
    },
    http: {
      onRequest: (exchange) => current.getStore()?.begins(exchange),
    },
  });
}

/** Subgraphs that take GraphQL in the place of a REST service: where, by name. */
function mocksOfRest({ subgraphs }: OpenGraph): ReadonlyMap<string, string> {
  return new Map(
    subgraphs.flatMap(({ name, url, answerRest }) => (answerRest === undefined ? [[name, url] as const] : [])),
  );
}

/** Subgraphs whose resolvers run in the gateway. */
function inCode({ subgraphs }: OpenGraph): Readonly<Record<string, RestSubgraphDefinition>> {
  return Object.fromEntries(
    subgraphs.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition] as const])),
  );
}

/** How a test gateway is closed: once, whoever asks. */
interface Closing {
  readonly hasBegun: () => boolean;
  readonly close: () => Promise<void>;
}

/** Begins to listen to what the server says and to the clock; closing ends that too. */
function createClosing(
  { server, http }: ConfiguredServer,
  { requests }: Observations,
  clock: Clock | undefined,
): Closing {
  const stopListening = refusals.subscribe((refusal) => requests.refused(refusal));
  const stopWatching = watchedBy(clock, () => requests.isBusy());
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    stopWatching();
    stopListening();
    requests.leaveAll();
    await http.close(0);
    await server.stop();
  };
  return {
    hasBegun: () => closing !== undefined,
    close: () => (closing ??= closeAll()),
  };
}

function createInject({ http }: ConfiguredServer, { current }: Observations, closing: Closing): ClientParts['inject'] {
  return (request, record) =>
    current.run(record, async () => {
      if (closing.hasBegun()) throw new Error('This test gateway is closed');
      const answer = await http.fastify.inject(request);
      // What a server says that is stopping would be taken for what the graph says.
      if (closing.hasBegun()) throw new Error(CLOSED_BEFORE);
      return answer;
    });
}

/** What the test holds in its hands. */
function createHandle(
  { supergraphSdl }: OpenGraph,
  { log, requests, handles }: Observations,
  client: Client,
  { close }: Closing,
): TestGateway {
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
    supergraphSdl,
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
