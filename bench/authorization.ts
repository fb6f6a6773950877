/**
 * What rules of access cost a request that meets them: `npx tsx bench/authorization.ts [FILE]` (needs `dist/`). The public benchmark's heavy query
 * through three gateways: without directives and without a token, without directives and with one, and with directives on types and fields
 * all over the query. Side by side in one run, on one processor each, as in `npm run bench`; CPU of the serving processes per request, and the
 * median of how much more it is than that of another gateway in the same round.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { SignJWT, exportSPKI, generateKeyPair } from 'jose';

import { bodies } from './bodies.js';
import { porticoCommand } from './gateways/definitions.js';
import { RunningGateway } from './gateways/RunningGateway.js';
import { openLab } from './lab.js';
import type { Lab } from './lab.js';
import { combine, measureBody, median } from './measure/measureBody.js';
import type { Measurement } from './measure/measureBody.js';
import { environment } from './report/environment.js';
import { markdownTable } from './report/markdownTable.js';
import { subgraphSdl } from './subgraphs/schemas.js';
import { composeSupergraph } from './supergraph.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 21);
/** Short, so that what the machine does meanwhile meets the rounds of all alike. */
const SECONDS = 1.5;
const WARMUP_SECONDS = 3;
const CONNECTIONS = 50;

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const token = await new SignJWT({ scope: 'catalogue people opinions prices', roles: ['admin', 'editor'] })
  .setProtectedHeader({ alg: 'RS256' })
  .setSubject('ada')
  .setExpirationTime('2h')
  .sign(privateKey);

/** One rule or more on the way to every field of the heavy query. */
const withRules = {
  ...subgraphSdl,
  accounts: importing(subgraphSdl.accounts)
    .replace('users: [User]', 'users: [User] @requiresScopes(scopes: [["people"]])')
    .replace('name: String', 'name: String @requiresScopes(scopes: [["people", "opinions"], ["admin"]])'),
  inventory: importing(subgraphSdl.inventory).replace(
    'shippingEstimate: Int',
    // What the fields demand that it uses.
    'shippingEstimate: Int @authenticated @requiresScopes(scopes: [["prices"]])',
  ),
  products: importing(subgraphSdl.products)
    .replace('type Product @key(fields: "upc")', 'type Product @key(fields: "upc") @authenticated')
    .replace('price: Int', 'price: Int @requiresScopes(scopes: [["prices"]])'),
  reviews: importing(subgraphSdl.reviews)
    .replace('type Review @key(fields: "id")', 'type Review @key(fields: "id") @authenticated')
    .replace('body: String', 'body: String @requiresScopes(scopes: [["opinions"]])'),
};

function importing(sdl: string): string {
  return sdl.replace('v2.3', 'v2.9').replace('import: [', 'import: ["@authenticated", "@requiresScopes", ');
}

interface Contender {
  readonly title: string;
  readonly supergraph: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

const lab = await openLab();
const config = join(lab.folder, 'authorization.yaml');
const key = JSON.stringify(await exportSPKI(publicKey));
writeFileSync(config, `authentication: { jwt: { jwks: [{ key: ${key} }] } }\n`);
const ruled = join(lab.folder, 'ruled.graphql');
writeFileSync(ruled, composeSupergraph(lab.ports, withRules));
const credentials = { authorization: `Bearer ${token}` };
const heavy = bodies.find(({ name }) => name === 'heavy')!;

const report = [
  '# What rules of access cost',
  '',
  '`npx tsx bench/authorization.ts bench/RESULTS-authorization.md`; what is measured stands in [README.md](README.md). The goal is at most 5 %',
  'more CPU for the heavy query with rules and a cached token than for the same request without rules.',
  '',
  ...environment().filter((line) => !line.startsWith('Versions')),
];
for (const [sharing, flags] of [
  ['Identical queries share executions', []],
  ['Nothing shared', ['--no-dedupe']],
] as const) {
  const table = await compare([
    { title: 'no rules, no token', supergraph: lab.supergraph, headers: {}, flags },
    { title: 'no rules, token', supergraph: lab.supergraph, headers: credentials, flags },
    { title: 'rules, token', supergraph: ruled, headers: credentials, flags },
  ]);
  report.push('', `## ${sharing}`, '', table);
}
await lab.close();
const text = `${report.join('\n').trimEnd()}\n`;
console.log(text);
const [, , out] = process.argv;
if (out !== undefined) writeFileSync(out, text);

/** The table of one comparison. */
async function compare(contenders: readonly Contender[]): Promise<string> {
  const running: Array<{ contender: Contender; gateway: RunningGateway; length: number; rounds: Measurement[] }> = [];
  try {
    let expected: unknown;
    for (const contender of contenders) {
      const gateway = await RunningGateway.start(definitionOf(contender), lab, 'gateway');
      const { text } = await gateway.post(heavy.json, contender.headers);
      const answer = JSON.parse(text) as unknown;
      expected ??= answer;
      if (!isDeepStrictEqual(answer, expected)) throw new Error(`${contender.title}: ${text.slice(0, 300)}`);
      running.push({ contender, gateway, length: Buffer.byteLength(text), rounds: [] });
    }
    const anonymous = await running.at(-1)!.gateway.post(heavy.json);
    if (!anonymous.text.includes('UNAUTHORIZED_FIELD_OR_TYPE')) throw new Error('the rules are not enforced');
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { contender, gateway, length, rounds } of running) {
        const seconds = round === 0 ? WARMUP_SECONDS : SECONDS;
        const { headers } = contender;
        const measured = await measureBody(lab, gateway, heavy, {
          seconds,
          connections: CONNECTIONS,
          length,
          headers,
        });
        if (round > 0) rounds.push(measured);
      }
    }
    const than = (rounds: readonly Measurement[], base: readonly Measurement[]): string => {
      const more = rounds.map(({ cpuMs }, at) => cpuMs / base[at]!.cpuMs - 1);
      return `${(100 * median(more)).toFixed(1)} %`;
    };
    const rows = running.map(({ contender, rounds }) => {
      const { cpuMs, calls } = combine(rounds);
      const [first, second] = running.map((each) => than(rounds, each.rounds));
      return [contender.title, cpuMs.toFixed(3), first!, second!, calls.toFixed(2)];
    });
    return markdownTable(['', 'CPU ms', 'than first', 'than second', 'subgraph calls'], rows);
  } finally {
    for (const { gateway } of running) await gateway.stop();
  }
}

function definitionOf({ title, supergraph, flags }: Contender): RunningGateway['definition'] {
  return {
    id: title.replaceAll(/\W+/g, '-'),
    title,
    path: '/graphql',
    command: (here: Lab, port: number) => ({
      command: porticoCommand({ ...here, supergraph }, port, ['--config', config, '--log-level', 'warn', ...flags]),
    }),
  };
}
