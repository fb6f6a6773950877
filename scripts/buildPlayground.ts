/**
 * Builds the playground page: `npm run playground`. Bundles playground/page with GraphiQL, React and the editor into
 * src/edge/http/playground/assets, compressed. These files are committed: who runs Portico needs nothing of playground/node_modules.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const source = join(root, 'playground');
const assets = join(root, 'src/edge/http/playground/assets');

/** What is used of esbuild, which is installed in playground/ only. */
interface Esbuild {
  build(options: object): Promise<{
    readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
  }>;
}

/** A hash of everything that the page is made of, so that a test can tell whether the committed files are older. */
export async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  const page = (await readdir(join(source, 'page'))).toSorted().map((name) => `page/${name}`);
  for (const file of ['package.json', 'package-lock.json', ...page]) {
    hash.update(`${file}\n`).update(await readFile(join(source, file)));
  }
  return hash.digest('hex');
}

async function buildPlayground(): Promise<void> {
  if (!existsSync(join(source, 'node_modules'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: source, stdio: 'inherit' });
  }
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', source], {
    stdio: 'inherit',
  });
  const { build } = createRequire(join(source, 'package.json'))('esbuild') as Esbuild;
  const { outputFiles, metafile } = await build({
    absWorkingDir: source,
    entryPoints: {
      playground: 'page/main.tsx',
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'dataurl' },
    legalComments: 'none',
    logLevel: 'warning',
  });

  await rm(assets, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const name = relative(join(source, 'out'), path);
    const compressed = brotliCompressSync(contents, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
    });
    await writeFile(join(assets, `${name}.br`), compressed);
    console.log(`${name.padEnd(20)} ${contents.length} bytes, ${compressed.length} compressed`);
  }
  await writeFile(join(assets, 'LICENSES.txt'), await licensesOf(Object.keys(metafile.inputs)));
  await writeFile(join(assets, 'sources.sha256'), `${await hashSources()}\n`);
}

/** The licences of the packages that went into the bundle, as they ask for. */
async function licensesOf(inputs: readonly string[]): Promise<string> {
  const packages = new Set(inputs.flatMap((input) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const packagesOf = new Map<string, string[]>();
  for (const folder of [...packages].toSorted()) {
    const directory = join(source, folder);
    const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = (await readdir(directory)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? `Licence: ${license}` : await readFile(join(directory, file), 'utf8');
    const plain = text.replaceAll('\r', '').trim();
    packagesOf.set(plain, [...(packagesOf.get(plain) ?? []), `${name} ${version}`]);
  }
  return [...packagesOf].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildPlayground();
