import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache');
const MADE_OF = ['src', 'subgraphs', 'scripts/startDemo.ts', 'scripts/bundleDemo.js', 'package-lock.json'];

/** Each becomes a file beside the others: threads start from `new URL('./planWorker.js', import.meta.url)`. */
const ENTRIES = {
  startDemo: 'scripts/startDemo.ts',
  main: 'src/cli/main.ts',
  planWorker: 'src/engine/plan/apollo/planWorker.ts',
  readWorker: 'src/supergraph/read/readWorker.ts',
  composeWorker: 'src/supergraph/compose/composeWorker.ts',
  expandWorker: 'src/supergraph/compose/expandWorker.ts',
};

/**
 * The demo with all that it runs on, libraries too, in few files: the three processes and three threads of it load these in half the
 * time that 2,000 files take. Gives the folder.
 *
 * The folder is named for what it is made of and kept until that changes, so it cannot be out of date. `npm ci` makes it (`prepare` in
 * package.json), otherwise the first start, which then takes two seconds longer.
 */
export async function bundleDemo() {
  const name = `demo-${contentHash()}`;
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  // Loaded where it is needed: this is most of the time when it is not.
  const { build } = await import('esbuild');
  const unfinished = `${folder}-${process.pid}`;
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: unfinished,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    // Of `portico import openapi` alone, which is no part of the demo.
    external: ['@apidevtools/swagger-parser'],
    // What CommonJS libraries expect to find.
    banner: {
      js: [
        "import { createRequire as $createRequire } from 'node:module';",
        "import { fileURLToPath as $fileURLToPath } from 'node:url';",
        'const require = $createRequire(import.meta.url);',
        'const __filename = $fileURLToPath(import.meta.url);',
        'const __dirname = import.meta.dirname;',
      ].join(''),
    },
    plugins: [besideSource],
  });
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  const others = readdirSync(cache).filter((each) => each.startsWith('demo') && each !== name);
  await Promise.all(others.map((each) => rm(join(cache, each), { recursive: true, force: true })));
  return folder;
}

/** Schemas and the playground's assets are read from where they stand beside the source. */
const besideSource = {
  name: 'beside-source',
  setup(build) {
    build.onLoad({ filter: /\/(subgraphs\/\w+\/server|readAssets)\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
    }));
  },
};

function contentHash() {
  const hash = createHash('sha256');
  const add = (path) => hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  for (const path of MADE_OF) {
    if (/\.\w+$/.test(path)) add(path);
    else {
      const files = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
      for (const file of files.filter((each) => each.isFile() && each.name.endsWith('.ts'))) {
        add(join(file.parentPath, file.name).slice(root.length + 1));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
