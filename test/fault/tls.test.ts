import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { notices } from '../../src/base/telemetry/channels.js';
import type { Notice } from '../../src/base/telemetry/channels.js';
import { createClients } from '../../src/upstream/createClients.js';
import type { ClientTlsOptions } from '../../src/upstream/http/ClientTls.js';
import type { SubgraphClient } from '../../src/upstream/SubgraphClient.js';
import { makeAuthority, makeCertificate } from '../support/certificates.js';
import { failureOf } from '../support/faultBench.js';
import { makeCall } from '../support/subgraphCall.js';

const authority = makeAuthority('Portico test authority');
const other = makeAuthority('Another authority');
const good = makeCertificate({ name: 'products', hosts: ['127.0.0.1', 'products.internal'], issuer: authority });

const directory = mkdtempSync(join(tmpdir(), 'portico-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const caFile = file('ca.pem', authority.certificate);

const open: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A subgraph over TLS that says who the client is. */
async function serve(
  options: TlsOptions,
): Promise<{ port: number; connections(): number; use(tls: TlsOptions): void }> {
  let connections = 0;
  const server = createServer(options, (request, response) => {
    request.resume();
    const { subject } = (
      request.socket as unknown as { getPeerCertificate(): { subject?: { CN: string } } }
    ).getPeerCertificate();
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: subject?.CN ?? 'nobody' }));
  });
  server.on('connection', () => connections++);
  server.on('tlsClientError', () => {});
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections, use: (tls) => server.setSecureContext(tls) };
}

function clientFor(port: number, tls?: ClientTlsOptions, connectTimeoutMs = 5000): SubgraphClient {
  const all = { connectTimeoutMs, timeoutMs: 20_000, keepAliveMs: 60_000, ...(tls !== undefined && { tls }) };
  const client = createClients([{ name: 'products', url: `https://127.0.0.1:${port}/graphql` }], { all });
  open.push(() => client.get('products')!.close());
  return client.get('products')!;
}

async function whoAmI(client: SubgraphClient): Promise<unknown> {
  return (await client.execute(makeCall())).data;
}

const pair = ({ key, certificate }: { key: string; certificate: string }): TlsOptions => ({ key, cert: certificate });

describe('NET-15 the certificate of a subgraph', () => {
  it('is accepted when the configured authority has signed it for this host', async () => {
    const { port } = await serve(pair(good));
    expect(await whoAmI(clientFor(port, { caFile }))).toBe('nobody');
  });

  it.each([
    ['is signed by an authority that nobody named', good, undefined],
    ['is signed by another authority than the configured one', good, file('other.pem', other.certificate)],
    ['is self-signed', makeCertificate({ name: 'x', hosts: ['127.0.0.1'] }), undefined],
    ['is for another host', makeCertificate({ name: 'x', hosts: ['127.0.0.9'], issuer: authority }), caFile],
    [
      'has expired',
      makeCertificate({
        name: 'x',
        hosts: ['127.0.0.1'],
        issuer: authority,
        from: new Date('2020-01-01'),
        until: new Date('2021-01-01'),
      }),
      caFile,
    ],
    [
      'is not valid yet',
      makeCertificate({
        name: 'x',
        hosts: ['127.0.0.1'],
        issuer: authority,
        from: new Date(Date.now() + 86_400_000),
        until: new Date(Date.now() + 2 * 86_400_000),
      }),
      caFile,
    ],
  ])('is refused when it %s', async (_title, certificate, ca) => {
    const { port } = await serve(pair(certificate));
    const error = await failureOf(clientFor(port, ca === undefined ? undefined : { caFile: ca }).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { subgraph: 'products', reason: 'tls' } });
  });

  it('must have the configured name, which may differ from the host of the URL', async () => {
    const { port } = await serve(pair(makeCertificate({ name: 'x', hosts: ['products.internal'], issuer: authority })));
    expect(await whoAmI(clientFor(port, { caFile, serverName: 'products.internal' }))).toBe('nobody');
    const error = await failureOf(clientFor(port, { caFile, serverName: 'reviews.internal' }).execute(makeCall()));
    expect(error.details).toMatchObject({ reason: 'tls' });
  });

  it('does not matter below the least version', async () => {
    const { port } = await serve({ ...pair(good), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    expect(await whoAmI(clientFor(port, { caFile }))).toBe('nobody');
    const error = await failureOf(clientFor(port, { caFile, minVersion: 'TLSv1.3' }).execute(makeCall()));
    expect(error.details).toMatchObject({ reason: 'tls' });
  });
});

describe('WIRE-19 mutual TLS', () => {
  const ours = makeCertificate({ name: 'portico', issuer: authority });
  const asking = { ...pair(good), ca: authority.certificate, requestCert: true, rejectUnauthorized: true };

  it('shows our certificate', async () => {
    const { port } = await serve(asking);
    const tls = { caFile, certificateFile: file('c.pem', ours.certificate), keyFile: file('k.pem', ours.key) };
    expect(await whoAmI(clientFor(port, tls))).toBe('portico');
  });

  it.each([
    ['none', undefined],
    ['one of another authority', makeCertificate({ name: 'portico', issuer: other })],
  ])('a subgraph that refuses our certificate (%s) costs this call', async (title, certificate) => {
    const { port } = await serve(asking);
    const files = certificate && {
      certificateFile: file(`${title.length}c.pem`, certificate.certificate),
      keyFile: file(`${title.length}k.pem`, certificate.key),
    };
    const error = await failureOf(clientFor(port, { caFile, ...files }).execute(makeCall()));
    expect(error.code).toBe('SUBREQUEST_HTTP_ERROR');
  });
});

describe('WIRE-19 TLS files', () => {
  it('that cannot be used are refused at the start, and what is in them is not said', () => {
    const broken = file('broken.pem', 'not a certificate, but SECRET-CONTENT');
    const key = file('mine.pem', good.key);
    for (const tls of [
      { caFile: broken },
      { certificateFile: broken, keyFile: key },
      { caFile: join(directory, '-') },
    ]) {
      const make = (): unknown => clientFor(1, tls);
      expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error);
      expect(make).not.toThrow(/SECRET-CONTENT/);
    }
  });

  it('are read again when they change: new calls use them, and a broken pair leaves the former one in use', async () => {
    const next = makeAuthority('Next authority');
    const changing = file('changing.pem', authority.certificate);
    const heard: Notice[] = [];
    const stop = notices.subscribe((notice) => heard.push(notice));
    const said = async (pattern: RegExp): Promise<Notice> => {
      for (;;) {
        const found = heard.find(({ message }) => pattern.test(message));
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const server = await serve(pair(good));
    const client = clientFor(server.port, { caFile: changing });
    await whoAmI(client);
    writeFileSync(changing, 'half a fi');
    expect(await said(/refused/)).toMatchObject({ level: 'error', details: { subgraph: 'products' } });
    expect(await whoAmI(client)).toBe('nobody');
    expect(server.connections()).toBe(1);

    // Both sides move to another authority, while the connection is open and in use.
    server.use(pair(makeCertificate({ name: 'products', hosts: ['127.0.0.1'], issuer: next })));
    writeFileSync(changing, next.certificate);
    expect(await said(/replaced/)).toMatchObject({ level: 'info' });
    expect(await whoAmI(client)).toBe('nobody');
    expect(server.connections()).toBe(2);
    stop();
  });
});

describe('WIRE-19 failed handshakes', () => {
  it('leave nothing behind: no socket, no timer, however many there are', async () => {
    const { port } = await serve(pair(good));
    const client = clientFor(port);
    const fail = async (): Promise<void> => void (await failureOf(client.execute(makeCall())));
    const resources = (): number =>
      process.getActiveResourcesInfo().filter((name) => /TLS|TCPSocket|Timeout/.test(name)).length;
    await fail();
    const before = resources();
    for (let round = 0; round < 30; round++) await Promise.all(Array.from({ length: 10 }, fail));
    await new Promise((resolve) => setImmediate(resolve));
    expect(resources()).toBeLessThan(before + 20);
  });
});
