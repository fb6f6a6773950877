import type { Expression, ExpressionFacts } from '../../base/config/values/expression.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import type { Identity } from '../Identity.js';

import type { Policy, Question } from './Policy.js';

/** On whose behalf, and for how long. */
export interface Asker {
  readonly identity: Identity;
  readonly requestId: string;
  readonly lifetime: Lifetime;
}

/** Decides what nobody else does: all questions in one go. Errors: whatever; then all answers are no. */
export interface PolicyEndpoint {
  decide(questions: readonly Question[], asker: Asker, timeoutMs: number): Promise<readonly boolean[]>;
}

export interface PoliciesOptions {
  readonly expressions: ReadonlyMap<string, Expression>;
  readonly functions: ReadonlyMap<string, Policy>;
  readonly endpoint: PolicyEndpoint | undefined;
  /** Of one function, and of the endpoint. */
  readonly timeoutMs: number;
  /** Told when something that should decide failed. */
  readonly onFailure: (policy: string, error: unknown, requestId: string) => void;
}

/** Who decides policies: an expression, a function, or else the endpoint. Nobody's error is ever a yes. */
export class Policies {
  readonly #options: PoliciesOptions;
  readonly #facts = new WeakMap<Identity, ExpressionFacts>();

  constructor(options: PoliciesOptions) {
    this.#options = options;
  }

  /** Whether anybody decides it. */
  knows(policy: string): boolean {
    const { expressions, functions, endpoint } = this.#options;
    return expressions.has(policy) || functions.has(policy) || endpoint !== undefined;
  }

  /** Whether its decision may depend on the arguments of a field. */
  readsArguments(policy: string): boolean {
    return this.#options.expressions.get(policy)?.readsArguments ?? true;
  }

  /** One answer for each question, in their order. Never rejects. Gives no promise when expressions decide everything. */
  decide(questions: readonly Question[], asker: Asker): readonly boolean[] | Promise<readonly boolean[]> {
    const answers: boolean[] = [];
    const pending: Array<Promise<void>> = [];
    const remote: number[] = [];
    questions.forEach((question, i) => {
      const { policy } = question;
      const expression = this.#options.expressions.get(policy);
      const decide = this.#options.functions.get(policy);
      answers[i] = false;
      if (expression !== undefined) answers[i] = this.#test(expression, question, asker);
      else if (decide !== undefined)
        pending.push(this.#call(decide, question, asker).then((yes) => void (answers[i] = yes)));
      else remote.push(i);
    });
    if (remote.length > 0) {
      const asked = remote.map((i) => questions[i]!);
      pending.push(
        this.#ask(asked, asker).then((decided) => remote.forEach((i, at) => (answers[i] = decided[at] === true))),
      );
    }
    return pending.length === 0 ? answers : Promise.all(pending).then(() => answers);
  }

  #test(expression: Expression, question: Question, { identity, requestId }: Asker): boolean {
    let facts = this.#facts.get(identity);
    if (facts === undefined) this.#facts.set(identity, (facts = factsOf(identity)));
    try {
      return expression.test(question.arguments === undefined ? facts : { ...facts, args: question.arguments });
    } catch (error) {
      this.#options.onFailure(question.policy, error, requestId);
      return false;
    }
  }

  async #call(decide: Policy, question: Question, { identity, requestId, lifetime }: Asker): Promise<boolean> {
    const { timeoutMs, onFailure } = this.#options;
    const own = lifetime.child(timeoutMs);
    const abort = new AbortController();
    try {
      const late = new Promise<never>((_resolve, reject) => {
        own.onEnd((end) => {
          abort.abort();
          reject(new Error(end === 'deadline' ? `no answer within ${timeoutMs} ms` : 'the client has gone'));
        });
      });
      // A copy: what is nested in arguments goes on to subgraphs.
      const given = structuredClone(question.arguments);
      const answer = (async () =>
        decide({ ...question, arguments: given, identity, requestId, signal: abort.signal }))();
      // Written in JavaScript, it may give anything.
      return ((await Promise.race([answer, late])) as unknown) === true;
    } catch (error) {
      onFailure(question.policy, error, requestId);
      return false;
    } finally {
      own.close();
    }
  }

  async #ask(questions: readonly Question[], asker: Asker): Promise<readonly boolean[]> {
    const { endpoint, timeoutMs, onFailure } = this.#options;
    if (endpoint === undefined) return [];
    try {
      return await endpoint.decide(questions, asker, Math.min(timeoutMs, asker.lifetime.remainingMs()));
    } catch (error) {
      onFailure(questions.map(({ policy }) => policy).join(), error, asker.requestId);
      return [];
    }
  }
}

const NO_ARGUMENTS = Object.freeze({});

function factsOf({ kind, subject, issuer, plan, tenant, scopes, claims }: Identity): ExpressionFacts {
  return Object.freeze({
    authenticated: kind !== 'anonymous',
    kind,
    subject: subject ?? '',
    issuer: issuer ?? '',
    plan: plan ?? '',
    tenant: tenant ?? '',
    scopes: [...scopes],
    claims,
    args: NO_ARGUMENTS,
  });
}
