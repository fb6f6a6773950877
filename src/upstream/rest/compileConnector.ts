import { outputShape } from '../../supergraph/connect/mapping/outputShape.js';
import type { OutputShape } from '../../supergraph/connect/mapping/outputShape.js';
import { variableUses } from '../../supergraph/connect/mapping/variableUses.js';
import { isBatched } from '../../supergraph/connect/describeConnector.js';
import { parseAnswer } from '../../supergraph/connect/template/parseAnswer.js';
import { parseRequest } from '../../supergraph/connect/template/parseRequest.js';
import type { RequestParts, RequestProblem } from '../../supergraph/connect/template/parseRequest.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { SubgraphClient } from '../SubgraphClient.js';

import { ConnectorCaller } from './ConnectorCaller.js';
import type { ConnectorCallerOptions } from './ConnectorCaller.js';
import { createConnectorClient } from './connectorClient.js';
import { compileJudge } from './compileJudge.js';
import type { GraphTypes, LookUp } from './ProjectionCompiler.js';
import { compileRequest } from './request/compileRequest.js';

/** A connector, ready for its source. */
export interface CompiledConnector {
  /** Where its requests go: scheme, host and port. */
  readonly origin: string;
  connect(around: Omit<ConnectorCallerOptions, 'connector' | 'buildRequest' | 'judge'>): SubgraphClient;
}

/**
 * Compiles everything that a connector's texts say. They were checked when the subgraph was composed.
 *
 * @param baseUrl instead of that of the source
 * Errors: CONFIG_INVALID for texts that cannot be used.
 */
export function compileConnector(
  connector: Connector,
  baseUrl: string | undefined,
  types: GraphTypes,
): CompiledConnector {
  const answer = parseAnswer(connector);
  const request = parseRequest(baseUrl === undefined ? connector : withBase(connector, baseUrl));
  if (!answer.ok) throw unusable(connector, answer.problems);
  if (!request.ok) throw unusable(connector, request.problems);
  const shape = outputShape(answer.value.selection);
  const build = compileRequest(request.value);
  const needs = neededOfThis(request.value);
  const judge = compileJudge(connector, answer.value);
  const isBatch = isBatched(connector);
  const { graph, subgraph } = connector;
  return {
    origin: request.value.origin,
    connect: (around) => {
      const caller = new ConnectorCaller(
        {
          ...around,
          connector,
          judge,
          buildRequest(variables, headers) {
            if (!needs.every((path) => isThere(variables['$this'], path))) return undefined;
            const built = build({ variables, clientHeader: (name) => headers[name] });
            if (built.ok) return built.request;
            const { place, message } = built.faults.at(-1)!;
            const details = { subgraph, connector: graph, place };
            return { failure: new PorticoError('REST_REQUEST_INVALID', `${graph}: ${place}: ${message}`, { details }) };
          },
        },
        isBatch,
      );
      return createConnectorClient({ caller, connector, types, shape, lookUp: lookUpOf(connector, shape) });
    },
  };
}

/** Which fields of which type the connector gives for objects whose key is known. */
function lookUpOf({ root, typeName, fieldName, outputType, key }: Connector, shape: OutputShape): LookUp | undefined {
  if (key === undefined) return undefined;
  if (root === undefined && fieldName !== undefined) {
    return { typeName, gives: (name) => name === fieldName, shapeOf: () => shape };
  }
  const fields = shape.kind === 'object' ? shape.fields : undefined;
  return {
    typeName: root === undefined ? typeName : outputType,
    gives: (name) => fields?.has(name) === true,
    shapeOf: (name) => fields?.get(name)?.shape,
  };
}

/** The source elsewhere; for a URL with a host of its own, that host elsewhere. */
function withBase(connector: Connector, baseUrl: string): Connector {
  const { restSource, url } = connector;
  if (restSource !== undefined) return { ...connector, restSource: { ...restSource, baseUrl } };
  const path = url.trim().replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const base = baseUrl.replace(/\/+$/, '');
  return { ...connector, url: `${base}${path}` };
}

/** What of `$this` stands in the path of the URL: without it there is nothing to ask for. */
function neededOfThis({ urls }: RequestParts): ReadonlyArray<readonly string[]> {
  return urls.flatMap(({ url }) =>
    url.segments
      .flat()
      .flatMap((part) =>
        part.kind === 'hole' && part.mapping.root.kind === 'path' && part.mapping.root.head.kind === 'variable'
          ? variableUses(part.mapping).flatMap(({ variable, path }) => (variable === '$this' ? [path] : []))
          : [],
      ),
  );
}

function isThere(value: unknown, path: readonly string[]): boolean {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return at !== null && at !== undefined;
}

function unusable({ graph, subgraph }: Connector, problems: readonly RequestProblem[]): PorticoError {
  const why = problems.map(({ argument, message }) => `${argument}: ${message}`).join('; ');
  return new PorticoError('CONFIG_INVALID', `The connector ${graph} cannot be used: ${why}`, { details: { subgraph } });
}
