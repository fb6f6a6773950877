import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createConsumer } from '../src/request/authentication/apiKeys/changeKeys.js';
import { fileKeyDirectory } from '../src/request/authentication/apiKeys/fileKeyDirectory.js';
import { issuerKey } from './accounts/issuer.js';
import { tokenOf } from './accounts/login.js';
import { users } from './accounts/users.js';

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

/** Makes what is secret anew at each start: nothing of it is kept. */
export async function demoIdentities(): Promise<DemoIdentities> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-demo-'));
  const file = join(folder, 'keys.json');
  const pepper = randomBytes(32).toString('hex');
  const program = { name: 'warehouse-app', plan: 'pro', scopes: ['read:stock'] };
  const [ada, bruno, { key }, pem] = await Promise.all([
    tokenOf(users[0]!),
    tokenOf(users[1]!),
    createConsumer(fileKeyDirectory(file), pepper, program),
    issuerKey(),
  ]);
  return {
    environment: {
      PORTICO_DEMO_KEY: pem,
      PORTICO_DEMO_PEPPER: pepper,
      PORTICO_DEMO_KEYS: file,
      PORTICO_DEMO_ADA: ada,
      PORTICO_DEMO_BRUNO: bruno,
      PORTICO_DEMO_PROGRAM: key,
    },
    tokens: { ada, bruno },
    apiKey: key,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
