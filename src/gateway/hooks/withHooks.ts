import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';
import type { SubgraphCall, SubgraphClient } from '../../upstream/SubgraphClient.js';
import { HookRequest } from './HookRequest.js';
import { HookResponse } from './HookResponse.js';
import type { ClientRequest, SubgraphHooks, SubgraphRequest } from './SubgraphHooks.js';

/** The client of calls that no client's request caused. */
const NOBODY: ClientRequest = { contextValue: {}, requestId: '', operationName: undefined, header: () => undefined };

/**
 * Runs the user's functions around every call of `sender`. Outermost of all decorators: what the hooks have changed is what deadlines,
 * sharing and caching see.
 *
 * Errors: CONFIG_INVALID when `decorate` gives no client.
 */
export function withHooks(
  sender: SubgraphClient,
  hooks: SubgraphHooks,
  purpose: SubgraphRequest['purpose'] = 'operation',
): SubgraphClient {
  const { willSendRequest, didReceiveResponse, decorate } = hooks;
  const { name } = sender;
  if (willSendRequest === undefined && didReceiveResponse === undefined && decorate === undefined) return sender;
  const noted = withNotes(sender);
  let client = noted;
  if (willSendRequest !== undefined || didReceiveResponse !== undefined) {
    client = {
      name,
      async execute(call) {
        const request = new HookRequest(name, call, clientOf(call), purpose);
        if (willSendRequest !== undefined) await within(call.lifetime, name, willSendRequest(request));
        const reply = await noted.execute(request.toCall());
        if (didReceiveResponse === undefined) return reply;
        const response = new HookResponse(request, reply);
        await within(call.lifetime, name, didReceiveResponse(response));
        return response.toReply();
      },
      close: () => noted.close(),
    };
  }
  if (decorate === undefined) return client;
  const decorated = decorate(client, name) as SubgraphClient | undefined;
  if (typeof decorated?.execute !== 'function' || typeof decorated.close !== 'function' || decorated.name !== name) {
    throw new PorticoError('CONFIG_INVALID', `decorate must give a client with the name ${name}, execute and close`);
  }
  return decorated;
}

/** Tells the execution which headers each answer was really asked with: credentials that a hook added make it private. */
function withNotes(sender: SubgraphClient): SubgraphClient {
  return {
    name: sender.name,
    async execute(call) {
      const reply = await sender.execute(call);
      call.origin?.replied(call.headers, reply);
      return reply;
    },
    close: () => sender.close(),
  };
}

function clientOf({ origin }: SubgraphCall): ClientRequest {
  return (origin?.request as ClientRequest | undefined) ?? NOBODY;
}

/** A hook that hangs ends with the call. */
async function within(lifetime: Lifetime, subgraph: string, hook: void | Promise<void>): Promise<void> {
  if (hook === undefined) return;
  let stopListening: (() => void) | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    stopListening = lifetime.onEnd((reason) => reject(lifetimeError(reason, { subgraph })));
  });
  try {
    await Promise.race([hook, end]);
  } finally {
    stopListening?.();
  }
}
