import { LRUCache } from 'lru-cache';

import type { HttpClient } from '../../base/http/createHttpClient.js';
import type { Clock } from '../../base/kit/Clock.js';
import { parseJson, writeJson } from '../../base/kit/json.js';

import type { Asker, PolicyEndpoint } from './Policies.js';
import type { Question } from './Policy.js';

export interface PolicyEndpointOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long a decision counts; 0: for one request. */
  readonly cacheTtlMs: number;
}

const MAX_DECISIONS = 50_000;
/** Longer keys (arguments of some size) are not kept. */
const MAX_KEY_CHARACTERS = 2000;
const MAX_ANSWER_BYTES = 1_000_000;

interface Decision {
  readonly allowed: boolean;
  /** By the clock's monotonic time. */
  readonly endsAt: number;
}

/**
 * Asks a decision service in the manner of Open Policy Agent: `{"input": {"identity": …, "questions": [{"policy": …}, …]}}` by POST, and
 * `{"result": [true, …]}` comes back, one for each question in their order.
 *
 * All questions of a request that no earlier answer settles travel in one call. Decisions are kept per policy, identity and arguments.
 */
export function createPolicyEndpoint(
  { url, headers, cacheTtlMs }: PolicyEndpointOptions,
  http: HttpClient,
  clock: Clock,
): PolicyEndpoint {
  const kept = new LRUCache<string, Decision>({ max: MAX_DECISIONS });

  const ask = async (questions: readonly Question[], asker: Asker, timeoutMs: number): Promise<boolean[]> => {
    const { kind, subject, issuer, scopes, claims, plan, tenant } = asker.identity;
    const identity = { kind, subject, issuer, scopes: [...scopes], claims, plan, tenant };
    const answer = await http.ask({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...headers,
        'x-request-id': asker.requestId,
      },
      body: writeJson({ input: { identity, questions } }),
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (answer.status !== 200) throw new Error(`answered with status ${answer.status}`);
    return readResult(answer.text, questions.length);
  };

  return {
    async decide(questions, asker, timeoutMs) {
      const now = clock.monotonic();
      const keys = questions.map((question) => keyOf(question, asker));
      const answers = keys.map((key) => {
        const known = kept.get(key);
        return known !== undefined && known.endsAt > now ? known.allowed : undefined;
      });
      const open = [...answers.keys()].filter((i) => answers[i] === undefined);
      if (open.length > 0) {
        const decided = await ask(
          open.map((i) => questions[i]!),
          asker,
          timeoutMs,
        );
        const endsAt = clock.monotonic() + cacheTtlMs;
        open.forEach((i, at) => {
          const allowed = decided[at]!;
          answers[i] = allowed;
          if (cacheTtlMs > 0 && keys[i]!.length <= MAX_KEY_CHARACTERS) kept.set(keys[i]!, { allowed, endsAt });
        });
      }
      return answers.map((answer) => answer === true);
    },
  };
}

function keyOf({ policy, field, arguments: given }: Question, { identity }: Asker): string {
  return writeJson([policy, identity.key, field ?? null, given ?? null]);
}

function readResult(text: string, count: number): boolean[] {
  const body = parseJson(text);
  const result: unknown =
    typeof body === 'object' && body !== null && Object.hasOwn(body, 'result')
      ? (body as { result: unknown }).result
      : undefined;
  if (!Array.isArray(result) || result.length !== count)
    throw new Error(`did not answer with a list of ${count} decisions`);
  return result.map((each) => each === true);
}
