import type { GraphQLError } from 'graphql';

import { requestError } from '../engine/operation/requestError.js';
import type { VariableValues } from '../engine/operation/variables.js';

import type { Authorizer, SchemaView } from './authorization/Authorizer.js';
import type { Verdict } from './authorization/GateKeeper.js';
import { asRequestErrors } from './authorization/refusedPlaces.js';
import type { Admission as AdmissionOf } from './Admission.js';
import type { CachePolicy, RequestContext } from './context.js';
import type { PreparedOperation } from './prepare.js';

type Admission = AdmissionOf<PreparedOperation>;

/**
 * Decides what of an operation the caller may have. Gives no promise unless somebody must be waited for; operations that demand nothing
 * cost nothing. Never rejects.
 */
export function admit(
  authorizer: Authorizer | undefined,
  operation: PreparedOperation,
  variables: VariableValues,
  context: RequestContext,
): Admission | Promise<Admission> {
  if (authorizer === undefined) return operation.unrestricted;
  if (authorizer.options.requiresAuthentication && context.identity.kind === 'anonymous') {
    context.answerHeaders.push(['www-authenticate', 'Bearer']);
    return rejected(operation, [requestError('UNAUTHENTICATED', 'A credential is needed')]);
  }
  const { gateKeeper } = operation;
  const asksSchema = operation.operation.introspection !== undefined;
  if (gateKeeper === undefined && !asksSchema) return operation.unrestricted;
  const verdict = gateKeeper?.judge(context, variables);
  if (verdict instanceof Promise || asksSchema)
    return decideLater(authorizer, operation, variables, context, verdict, asksSchema);
  return decide(authorizer, operation, variables, context, verdict, undefined);
}

async function decideLater(
  authorizer: Authorizer,
  operation: PreparedOperation,
  variables: VariableValues,
  context: RequestContext,
  verdict: Verdict | Promise<Verdict> | undefined,
  asksSchema: boolean,
): Promise<Admission> {
  const view = asksSchema ? await authorizer.view(context) : undefined;
  if (asksSchema && view === undefined)
    return rejected(operation, [requestError('INTROSPECTION_DISABLED', 'Introspection is disabled')]);
  return decide(authorizer, operation, variables, context, await verdict, view);
}

function decide(
  authorizer: Authorizer,
  operation: PreparedOperation,
  variables: VariableValues,
  context: RequestContext,
  verdict: Verdict | undefined,
  view: SchemaView | undefined,
): Admission {
  const { mode, isDryRun, response } = authorizer.options;
  const key = `${verdict?.key ?? ''} ${view?.key ?? ''}`;
  const open: Admission = {
    ...operation.unrestricted,
    introspect: view?.introspect,
    key,
    // Whoever may not ask the schema gets no answer at all, so only a part of it makes the answer personal.
    isPersonal: verdict !== undefined || authorizer.viewsDiffer(view),
  };
  if (verdict === undefined || verdict.key === '' || operation.gateKeeper === undefined) return open;
  const cut = operation.without(verdict);
  const { places, errors, droppedErrors } = cut.refused(variables);
  if (places.length > 0) authorizer.report(places, operation.gateKeeper, verdict, context);
  if (mode === 'reject' && !isDryRun && places.length > 0) return rejected(operation, asRequestErrors(errors));
  const extensions =
    response === 'extensions' && errors.length > 0
      ? { authorizationErrors: errors.map((error) => error.toJSON()) }
      : undefined;
  // Clients drop the data of an answer with errors: a dry run must not have any.
  if (isDryRun) return { ...open, extensions };
  const isTold = response === 'errors';
  return {
    ...open,
    operation: cut,
    errors: isTold ? errors : [],
    droppedErrors: isTold ? droppedErrors : 0,
    extensions,
  };
}

function rejected(operation: PreparedOperation, rejection: readonly GraphQLError[]): Admission {
  return { ...operation.unrestricted, rejection };
}

/** What subgraphs allow, for one caller only. When none was asked, nobody has allowed anything. */
export function forOne(policy: CachePolicy | undefined): CachePolicy {
  return { maxAge: policy?.maxAge ?? 0, scope: 'PRIVATE' };
}
