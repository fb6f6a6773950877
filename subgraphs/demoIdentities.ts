import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SignJWT, exportSPKI, generateKeyPair } from 'jose';

import { createConsumer } from '../src/request/authentication/apiKeys/changeKeys.js';
import { fileKeyDirectory } from '../src/request/authentication/apiKeys/fileKeyDirectory.js';

/** Users and a program of the demo, with credentials that are good until the demo ends. */
export interface DemoIdentities {
  /** Variables that demo.yaml reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Tokens by user: Ada may read and write, Bruno may read. */
  readonly tokens: { readonly ada: string; readonly bruno: string };
  /** The API key of a program. */
  readonly apiKey: string;
  close(): Promise<void>;
}

/** Makes keys of its own at each start: nothing of it is kept, and no token of a page or a repository is ever good. */
export async function demoIdentities(): Promise<DemoIdentities> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const token = (sub: string, plan: string, scope: string): Promise<string> =>
    new SignJWT({ plan, scope })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer('https://login.shop.example/')
      .setAudience('shop')
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('12h')
      .sign(privateKey);
  const folder = await mkdtemp(join(tmpdir(), 'portico-demo-'));
  const file = join(folder, 'keys.json');
  const pepper = randomBytes(32).toString('hex');
  const program = { name: 'warehouse-app', plan: 'pro', scopes: ['read:stock'] };
  const [ada, bruno, { key }, pem] = await Promise.all([
    token('u1', 'pro', 'read:profile write:reviews'),
    token('u2', 'free', 'read:profile'),
    createConsumer(fileKeyDirectory(file), pepper, program),
    exportSPKI(publicKey),
  ]);
  return {
    environment: { PORTICO_DEMO_KEY: pem, PORTICO_DEMO_PEPPER: pepper, PORTICO_DEMO_KEYS: file },
    tokens: { ada, bruno },
    apiKey: key,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
