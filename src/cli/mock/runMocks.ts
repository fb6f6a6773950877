import type { StartFlags } from '../startConfig.js';
import type { ScriptEntry } from './MockScript.js';
import { mockedSdls } from './mockedSdls.js';
import { serveMocks } from './serveMocks.js';

export interface RunMocksOptions extends Pick<StartFlags, 'config' | 'supergraph' | 'subgraphs' | 'host' | 'port'> {
  readonly seed?: string | undefined;
  readonly script: readonly ScriptEntry[];
}

/** Serves all subgraphs as mocks, without a gateway, until a signal. Says where each one is. */
export async function runMocks({ seed, script, host, port, ...place }: RunMocksOptions): Promise<void> {
  const { subgraphs, close } = await serveMocks({
    read: () => mockedSdls(place, undefined),
    host: host ?? '127.0.0.1',
    port: port ?? 4000,
    seed,
    script,
  });
  const width = Math.max(...subgraphs.map(({ name }) => name.length));
  for (const { name, url } of subgraphs) process.stdout.write(`${name.padEnd(width)}  ${url}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
  await close();
}
