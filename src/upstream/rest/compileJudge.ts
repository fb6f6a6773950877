import { PorticoError } from '../../base/errors/PorticoError.js';
import type { AnswerParts } from '../../supergraph/connect/template/parseAnswer.js';
import type { Connector } from '../../supergraph/model/Connector.js';
import type { SubgraphReply } from '../SubgraphClient.js';

import type { RestVariables } from './ConnectorCaller.js';
import type { Outcome } from './Outcome.js';
import { compileAnswer } from './response/compileAnswer.js';

/** Compiles what an answer with a read body means: a value, a failure in the words of the connector, or a bare failure. */
export function compileJudge(
  { graph, subgraph }: Connector,
  parts: AnswerParts,
): (reply: SubgraphReply, variables: RestVariables) => Outcome {
  const map = compileAnswer(parts);
  return ({ status, headers, data }, variables) => {
    const answer = map({ status, headers, body: data }, variables);
    if (answer.ok) return { value: answer.data };
    const { message, extensions } = answer.failure;
    if (message !== undefined || Object.keys(extensions).length > 0) {
      return { failure: { message: message ?? 'The service reports an error', extensions } };
    }
    const details = { subgraph, connector: graph, status };
    const isStatus = status < 200 || status > 299;
    return {
      failure: isStatus
        ? new PorticoError('SUBREQUEST_HTTP_ERROR', `${graph} answered ${status}`, {
            details: { ...details, reason: 'status' },
          })
        : new PorticoError(
            'DOWNSTREAM_SERVICE_ERROR',
            `${graph} answered ${status}, which isSuccess takes for a failure`,
            {
              details,
            },
          ),
    };
  };
}
