import { Lifetime } from '../../src/base/kit/Lifetime.js';
import type { Authentication } from '../../src/request/authentication/Authentication.js';
import type { CredentialedRequest } from '../../src/request/context.js';
import { anonymous } from '../../src/request/Identity.js';
import type { Identity } from '../../src/request/Identity.js';
import type { PorticoError } from '../../src/base/errors/PorticoError.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import type { AuthenticationSettings } from '../../src/request/authentication/compileProviders.js';

export function credentialedRequest(
  headers: Readonly<Record<string, string>> = {},
  more: Partial<CredentialedRequest> = {},
): CredentialedRequest {
  return {
    requestId: 'test',
    lifetime: new Lifetime(20_000),
    header: (name) => headers[name],
    identity: anonymous,
    isRepeated: () => false,
    isFromTrustedProxy: false,
    ...more,
  };
}

/** The identity behind a request, or the code of the refusal. */
export async function identify(
  authentication: Authentication,
  request: CredentialedRequest | Readonly<Record<string, string>>,
): Promise<Identity | string> {
  const whole =
    'requestId' in request && typeof request['lifetime'] === 'object'
      ? (request as CredentialedRequest)
      : credentialedRequest(request as Record<string, string>);
  try {
    await authentication.authenticate(whole);
    return whole.identity;
  } catch (error) {
    return (error as PorticoError).code ?? String(error);
  } finally {
    whole.lifetime.close();
  }
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The section as a configuration file has it. */
export function authenticationSettings(yaml: string, more = ''): AuthenticationSettings {
  const indented = yaml
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  const text = `supergraph: { subgraphs: { a: { routing_url: "http://a/", schema: { sdl: "type Query" } } } }\n${more}\nauthentication:\n${indented}`;
  const { loaded, problems } = loadConfig({ text, environment: {} });
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  return loaded.config.authentication;
}
