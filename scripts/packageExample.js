// Runs the library example of README.md in a project that has only the package, and asks it one query. Plain JavaScript, run by
// scripts/testPackage.sh, which gives the project's root as argument.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const root = process.argv[2];
const readme = await readFile(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(?:js|ts)[^\n]*\n(.*?)^```/gms)].map((match) => match[1]);
const code = blocks.find((block) => block.includes('createGateway'));
if (code === undefined) throw new Error('README.md has no example with createGateway');

const accounts = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"data":{"me":{"name":"Ada"}}}');
});
accounts.listen(0, '127.0.0.1');
await once(accounts, 'listening');
const sdl = await readFile(join(root, 'schema/supergraph.graphql'), 'utf8');
const url = `http://127.0.0.1:${accounts.address().port}/graphql`;
await writeFile('supergraph.graphql', sdl.replace('http://127.0.0.1:4001/graphql', url));
await writeFile('example.js', code.replace('port: 4000', 'port: 0'));

const example = spawn(process.execPath, ['example.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
const gone = once(example, 'exit');
try {
  let output = '';
  const address = await new Promise((resolve, reject) => {
    example.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /http:\S+/.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    });
    example.once('exit', (exitCode) => reject(new Error(`the example ended with code ${exitCode}: ${output}`)));
  });
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ me { name } }' }),
  });
  const text = await response.text();
  if (text !== '{"data":{"me":{"name":"Ada"}}}\n') throw new Error(`unexpected answer: ${text}`);
} finally {
  example.kill('SIGKILL');
  await gone;
  accounts.closeAllConnections();
  accounts.close();
}
