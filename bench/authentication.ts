/**
 * What finding out who is asking costs a request, side by side in one run: `npx tsx bench/authentication.ts`.
 * Microseconds per request, the median of several rounds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SignJWT, exportSPKI, generateKeyPair } from 'jose';

import { loadConfig } from '../src/base/config/loadConfig.js';
import { Lifetime } from '../src/base/kit/Lifetime.js';
import { createConsumer } from '../src/request/authentication/apiKeys/changeKeys.js';
import { fileKeyDirectory } from '../src/request/authentication/apiKeys/fileKeyDirectory.js';
import { Authentication } from '../src/request/authentication/Authentication.js';
import type { CredentialedRequest } from '../src/request/context.js';
import { anonymous } from '../src/request/Identity.js';

const ROUNDS = 7;
const PEPPER = 'a pepper of at least thirty-two characters';
const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const file = join(folder, 'keys.json');

const { key: apiKey } = await createConsumer(fileKeyDirectory(file), PEPPER, { name: 'app', scopes: ['a'] });
const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const pem = await exportSPKI(publicKey);
const token = await new SignJWT({ scope: 'read write', roles: ['admin', 'editor'], email: 'ada@example.com' })
  .setProtectedHeader({ alg: 'RS256' })
  .setSubject('ada')
  .setExpirationTime('1h')
  .sign(privateKey);

const lifetime = new Lifetime(Infinity);
const request = (headers: Readonly<Record<string, string>>): CredentialedRequest => ({
  requestId: 'bench',
  lifetime,
  header: (name) => headers[name],
  identity: anonymous,
  isRepeated: () => false,
  isFromTrustedProxy: false,
});

function authentication(cacheTtl: string): Authentication {
  const text = JSON.stringify({
    supergraph: { subgraphs: { a: { routing_url: 'http://a/', schema: { sdl: 'type Query' } } } },
    authentication: { jwt: { jwks: [{ key: pem }], cache_ttl: cacheTtl }, api_keys: { pepper: PEPPER, file } },
  });
  const { loaded, problems } = loadConfig({ text, environment: {} });
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  return new Authentication(loaded.config.authentication);
}

/** Interleaved: whatever the machine does meanwhile, it does to all of them. */
const remembered = authentication('1h');
const verifying = authentication('0s');
const rows = [
  { name: 'nothing presented', who: remembered, headers: {}, count: 100_000 },
  { name: 'token, remembered', who: remembered, headers: { authorization: `Bearer ${token}` }, count: 100_000 },
  { name: 'token, verified (RS256)', who: verifying, headers: { authorization: `Bearer ${token}` }, count: 2000 },
  { name: 'API key', who: remembered, headers: { 'x-api-key': apiKey }, count: 20_000 },
].map((row) => ({ ...row, figures: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const { who, headers, count, figures } of rows) {
    const asked = request(headers);
    const startedAt = performance.now();
    for (let index = 0; index < count; index++) {
      const pending = who.authenticate(asked);
      if (pending !== undefined) await pending;
    }
    figures.push(((performance.now() - startedAt) * 1000) / count);
  }
}
for (const { name, figures } of rows) {
  const median = figures.toSorted((a, b) => a - b)[ROUNDS >> 1]!;
  console.log(`${name.padEnd(26)}${median.toFixed(2).padStart(10)} µs`);
}
remembered.close();
verifying.close();
rmSync(folder, { recursive: true });
