// The built package on this version of Node: the front doors load and `portico start` answers. Plain JavaScript, run by scripts/smoke.sh.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const built = (path) => join(root, 'dist', 'src', path);

for (const door of ['index.js', 'testing/index.js']) {
  if (existsSync(built(door))) await import(built(door));
}
if (existsSync(built('cli/main.js'))) await askOnce();
console.log(`Node ${process.version}: ok`);

async function askOnce() {
  const port = await freePort();
  const gateway = spawn(
    process.execPath,
    [built('cli/main.js'), 'start', '--supergraph', join(root, 'schema/supergraph.graphql'), '--port', String(port)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const gone = once(gateway, 'exit');
  try {
    const answer = await retry(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      return response.json();
    });
    if (answer.data?.__typename !== 'Query') throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
  } finally {
    gateway.kill('SIGTERM');
    await gone;
  }
}

async function retry(attempt) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
