import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Mapping } from '../../supergraph/connect/mapping/Mapping.js';
import { parseSelection } from '../../supergraph/connect/mapping/parseSelection.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { SubgraphReply } from '../SubgraphClient.js';

import type { RestVariables } from './ConnectorCaller.js';
import { compileMapping } from './mapping/compileMapping.js';
import type { Outcome } from './Outcome.js';

/** STUB until restlang's response room. */
export function compileJudge(
  connector: Connector,
  mapping: Mapping,
): (reply: SubgraphReply, variables: RestVariables) => Outcome {
  const run = compileMapping(mapping);
  const text = (source: string | undefined) => {
    if (source === undefined) return undefined;
    const parsed = parseSelection(source, { specVersion: connector.version });
    return parsed.ok ? compileMapping(parsed.value) : undefined;
  };
  const isSuccess = text(connector.isSuccess ?? connector.restSource?.isSuccess);
  const message = text(connector.errors?.message ?? connector.restSource?.errors?.message);
  const extensions = text(connector.errors?.extensions ?? connector.restSource?.errors?.extensions);
  return (reply, variables) => {
    const all = { ...variables, $status: reply.status, $response: { headers: reply.headers } };
    const ok =
      isSuccess === undefined ? reply.status >= 200 && reply.status < 300 : isSuccess(reply.data, all).value === true;
    if (ok) return { value: run(reply.data, all).value };
    if (message === undefined && extensions === undefined) {
      return {
        failure: new PorticoError('SUBREQUEST_HTTP_ERROR', `${connector.graph} answered ${reply.status}`, {
          details: { subgraph: connector.subgraph, reason: 'status', status: reply.status },
        }),
      };
    }
    return {
      failure: {
        message: String(message?.(reply.data, all).value ?? 'Request failed'),
        extensions: (extensions?.(reply.data, all).value ?? {}) as Record<string, unknown>,
      },
    };
  };
}
