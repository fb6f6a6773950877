import { codes } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { systemClock } from '../../base/kit/Clock.js';
import type { Clock } from '../../base/kit/Clock.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import { failures, notices } from '../../base/telemetry/channels.js';
import type { Authenticate, CredentialedRequest } from '../context.js';
import { anonymous } from '../Identity.js';
import type { Identity } from '../Identity.js';
import { compileIdentityTokens, compileProviders } from './compileProviders.js';
import type { AuthenticationSettings } from './compileProviders.js';
import { identitiesAgree } from './identitiesAgree.js';
import type { IdentityTokens } from './IdentityTokens.js';
import type { Provider } from './Provider.js';
import { Refusal, Unavailable } from './Refusal.js';
import { Resources } from './Resources.js';

interface Rules {
  readonly isRequired: boolean;
  readonly providers: readonly Provider[];
  readonly tokens: IdentityTokens | undefined;
  /** `www-authenticate` where nothing was presented. */
  readonly challenge: string;
  readonly resources: Resources;
}

/** A configuration that is ready to be used: one of the two is called. */
export interface AuthenticationChange {
  /** The next request goes by it. */
  commit(): void;
  abandon(): void;
}

/**
 * Who is asking, by the rules of the configuration that counts now.
 *
 * Every credential that a request presents must be good; several must name the same subject, and the first provider's identity counts, with
 * its rights alone. A reload changes the rules between two requests and keeps what it does not concern: key sets, caches, connections.
 */
export class Authentication {
  readonly #clock: Clock;
  #rules: Rules;
  #isStarted = false;

  /** Errors: CONFIG_INVALID for keys and files that cannot be used. */
  constructor(settings: AuthenticationSettings, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#rules = compile(settings, new Resources(), clock);
  }

  /** Begins to fetch keys and to follow files. */
  start(): void {
    this.#isStarted = true;
    this.#rules.resources.start();
  }

  /** Errors: CONFIG_INVALID; nothing has changed then. */
  prepare(settings: AuthenticationSettings): AuthenticationChange {
    const next = compile(settings, new Resources(this.#rules.resources), this.#clock);
    if (this.#isStarted) next.resources.start();
    return {
      commit: () => {
        this.#rules = next;
        next.resources.commit();
      },
      abandon: () => next.resources.close(),
    };
  }

  /** The key that subgraphs verify the gateway's own tokens with, where it is published. */
  get publishedKeys(): { readonly path: string; readonly body: string } | undefined {
    return this.#rules.tokens?.published;
  }

  close(): void {
    this.#rules.resources.close();
  }

  /** HOT: once per request. Gives nothing, and allocates little, when the credential is known already. */
  readonly authenticate: Authenticate = (request) => {
    const rules = this.#rules;
    const { providers } = rules;
    let identity: Identity | undefined;
    try {
      for (let index = 0; index < providers.length; index++) {
        const found = providers[index]!.identify(request);
        if (found instanceof Promise) return finishLater(request, rules, identity, found, index + 1);
        identity = join(identity, found);
      }
      return finish(request, rules, identity);
    } catch (error) {
      throw refusalFrom(error, request, rules);
    }
  };
}

function compile(settings: AuthenticationSettings, resources: Resources, clock: Clock): Rules {
  try {
    const providers = compileProviders(settings, resources, clock);
    const tokens = compileIdentityTokens(settings, resources, clock);
    const challenge = [...new Set(providers.map((provider) => provider.challenge))].join(', ');
    return { isRequired: settings.require, providers, tokens, challenge, resources };
  } catch (error) {
    resources.close();
    throw error;
  }
}

/** Nothing was presented where something is needed. */
class Absence extends Refusal {
  constructor() {
    super('no credential was presented');
  }
}

async function finishLater(
  request: CredentialedRequest,
  rules: Rules,
  before: Identity | undefined,
  pending: Promise<Identity | undefined>,
  from: number,
): Promise<void> {
  try {
    let identity = join(before, await within(request.lifetime, pending));
    for (let index = from; index < rules.providers.length; index++) {
      const found = rules.providers[index]!.identify(request);
      identity = join(identity, found instanceof Promise ? await within(request.lifetime, found) : found);
    }
    await finish(request, rules, identity);
  } catch (error) {
    throw refusalFrom(error, request, rules);
  }
}

function finish(request: CredentialedRequest, rules: Rules, identity: Identity | undefined): void | Promise<void> {
  if (identity === undefined) {
    if (rules.isRequired) throw new Absence();
    request.identity = anonymous;
    return undefined;
  }
  request.identity = identity;
  const token = rules.tokens?.tokenFor(identity);
  if (typeof token !== 'object') {
    request.identityToken = token;
    return undefined;
  }
  return within(request.lifetime, token).then((signed) => {
    request.identityToken = signed;
  });
}

function join(first: Identity | undefined, next: Identity | undefined): Identity | undefined {
  if (first === undefined || next === undefined) return first ?? next;
  if (!identitiesAgree(first, next)) throw new Refusal('the credentials name different subjects');
  return first;
}

/** Waits no longer than the request lives: what is asked goes on for whoever else waits for it. */
function within<Value>(lifetime: Lifetime, pending: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stopListening = lifetime.onEnd((end) => {
      const code = end === 'deadline' ? 'GATEWAY_TIMEOUT' : 'REQUEST_CANCELLED';
      reject(new PorticoError(code, codes[code].summary));
    });
    pending.then(
      (value) => {
        stopListening();
        resolve(value);
      },
      (error: unknown) => {
        stopListening();
        reject(error as Error);
      },
    );
  });
}

/** What the client reads says nothing of the reason; the log does. */
function refusalFrom(error: unknown, { requestId }: CredentialedRequest, rules: Rules): unknown {
  if (error instanceof Refusal) {
    if (notices.hasSubscribers) {
      const details = { requestId, reason: error.message };
      notices.publish({ level: 'debug', message: 'A request was not authenticated', details });
    }
    // RFC 6750, 3.1: no error code where nothing was presented.
    const challenge =
      error instanceof Absence ? rules.challenge : rules.challenge.replace('Bearer', 'Bearer error="invalid_token"');
    return new PorticoError('UNAUTHENTICATED', error.message, { headers: { 'www-authenticate': challenge } });
  }
  if (error instanceof Unavailable) {
    report(requestId, error);
    return new PorticoError('IDENTITY_PROVIDER_UNAVAILABLE', error.message, { cause: error });
  }
  return error;
}

const REPORT_EVERY_MS = 1000;
let reportedAt = -Infinity;

/** An outage concerns every request; the log hears of it once a second. */
function report(requestId: string, error: Unavailable): void {
  const now = performance.now();
  if (!failures.hasSubscribers || now - reportedAt < REPORT_EVERY_MS) return;
  reportedAt = now;
  failures.publish({ requestId, error });
}
