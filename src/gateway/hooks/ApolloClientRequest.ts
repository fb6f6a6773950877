import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';

import type { RequestContext } from '../../request/context.js';
import type { ClientRequest } from './SubgraphHooks.js';

/** A request of an Apollo Server's client, as hooks see it. */
export class ApolloClientRequest implements ClientRequest {
  readonly #apollo: GatewayGraphQLRequestContext;
  readonly #context: RequestContext;

  constructor(apollo: GatewayGraphQLRequestContext, context: RequestContext) {
    this.#apollo = apollo;
    this.#context = context;
  }

  get contextValue(): unknown {
    return this.#apollo.context;
  }
  get requestId(): string {
    return this.#context.requestId;
  }
  get operationName(): string | undefined {
    return this.#apollo.operation.name?.value;
  }
  header(name: string): string | undefined {
    return this.#context.header(name.toLowerCase());
  }
}
