import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
  readonly pem: string;
}

export interface FakeIssuer {
  readonly origin: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Paths that were asked, in order; a test may empty it. */
  readonly asked: string[];
  /** Published now. */
  keys: SigningKey[];
  /** How the key set is answered; `hang` never answers. */
  mode: 'good' | 'hang' | 'garbage' | 'huge' | 'empty' | 'error' | 'redirect' | 'cut';
  /** Answers other paths: introspection, authorizers. */
  respond: ((request: IncomingMessage, body: string, response: ServerResponse) => void) | undefined;
  /** A token signed by its newest key unless said otherwise; claims go over the usual ones. */
  token(claims?: Record<string, unknown>, options?: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

export interface TokenOptions {
  readonly key?: SigningKey;
  readonly header?: Record<string, unknown>;
  /** Wall time of the signing, in milliseconds. */
  readonly now?: number;
}

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, publicKey, jwk, pem: await exportSPKI(publicKey) };
}

/** An issuer over HTTP on a free port, which can be made to fail in all the ways that issuers fail. */
export async function startFakeIssuer(name = 'one'): Promise<FakeIssuer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url === '/jwks') answerKeys(response);
      else if (issuer.respond !== undefined) issuer.respond(request, body, response);
      else response.writeHead(404).end();
    });
  });
  const answerKeys = (response: ServerResponse): void => {
    const json = (value: unknown): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(value));
    };
    switch (issuer.mode) {
      case 'good':
        return json({ keys: issuer.keys.map(({ jwk }) => jwk) });
      case 'empty':
        return json({ keys: [] });
      case 'garbage':
        return void response.end('<html>not a key set: https://internal.example/</html>');
      case 'huge':
        return json({ keys: issuer.keys.map(({ jwk }) => jwk), filler: 'x'.repeat(1_000_000) });
      case 'error':
        return void response.writeHead(500).end('{"keys":[]}');
      case 'redirect':
        return void response.writeHead(302, { location: '/elsewhere' }).end();
      case 'cut':
        return void response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[', () => response.destroy());
      case 'hang':
    }
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: FakeIssuer = {
    origin,
    issuer: `https://${name}.example/`,
    jwksUrl: `${origin}/jwks`,
    asked,
    keys: [await signingKey('k1')],
    mode: 'good',
    respond: undefined,
    async token(claims = {}, { key = issuer.keys[0]!, header = {}, now = Date.now() } = {}) {
      const seconds = Math.floor(now / 1000);
      const all = { iss: issuer.issuer, sub: 'ada', aud: 'shop', iat: seconds, exp: seconds + 600, ...claims };
      const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return issuer;
}
