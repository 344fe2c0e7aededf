import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { build, type Metafile, type Plugin } from 'esbuild';
import { z } from 'zod';
import { NATIVE_PACKAGES } from './native-packages.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Entry point of each function, by its folder in the tree. */
export const ENTRY_POINTS = {
  embed: join(ROOT, 'functions/embed/handler.ts'),
  search: join(ROOT, 'functions/search/handler.ts'),
};

/**
 * Bundles the functions, each by itself, with source maps and lazy imports kept lazy. Every file lies two
 * folders below the tree's root, as in the sources, so that `../../models` means the same in both.
 * @param entryPoints file by folder name
 * @returns esbuild's account of what came from where, by folder name
 */
export async function layBundles(
  target: string,
  entryPoints: Readonly<Record<string, string>> = ENTRY_POINTS,
): Promise<Record<string, Metafile>> {
  const accounts: Record<string, Metafile> = {};
  for (const [name, entry] of Object.entries(entryPoints)) {
    accounts[name] = await bundle(entry, join(target, name));
  }
  return accounts;
}

async function bundle(entry: string, outdir: string): Promise<Metafile> {
  const workers = new Set<string>();
  const account = await runEsbuild([entry], outdir, workers);
  const accounts = [account];
  const built = new Set<string>();
  // A reading process starts a thread, whose module is found only when the process's is built.
  for (let left = [...workers]; left.length > 0; left = [...workers].filter(file => !built.has(file))) {
    for (const file of left) built.add(file);
    accounts.push(await runEsbuild(left, outdir, workers));
  }
  return {
    inputs: Object.assign({}, ...accounts.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...accounts.map(({ outputs }) => outputs)),
  };
}

async function runEsbuild(entryPoints: string[], outdir: string, workers: Set<string>): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    absWorkingDir: ROOT,
    banner: { js: REQUIRE_IN_MODULES },
    plugins: [leanTransformers, externalPackages, workerModules(workers)],
    logLevel: 'error',
  });
  const maps = Object.keys(metafile.outputs).filter(file => file.endsWith('.map'));
  for (const map of maps) await mapOwnSources(join(ROOT, map));
  return metafile;
}

const mapSchema = z.looseObject({ sources: z.array(z.string()), mappings: z.string() });

/**
 * Leaves out the packages' part of a source map, nine tenths of it: Node reads the map at the first error whose
 * stack is looked at, and with them that takes 100 MB.
 */
async function mapOwnSources(file: string): Promise<void> {
  const map = mapSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const own = map.sources.filter(source => !source.includes('node_modules/'));
  const indexes = new Map(map.sources.map((source, index) => [index, own.indexOf(source)]));
  const lines = decode(map.mappings).map(segments =>
    segments.map((segment): SourceMapSegment => {
      const [column, source, line, sourceColumn] = segment;
      const index = source === undefined ? -1 : (indexes.get(source) ?? -1);
      return index < 0 || line === undefined || sourceColumn === undefined
        ? [column]
        : [column, index, line, sourceColumn];
    }),
  );
  const merged = lines.map(segments =>
    segments.filter((segment, i) => segment.length > 1 || segments[i - 1]?.length !== 1),
  );
  await writeFile(file, JSON.stringify({ version: 3, sources: own, names: [], mappings: encode(merged) }));
}

/** Some packages call require() at run time, which a module doesn't have. */
const REQUIRE_IN_MODULES =
  "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);";

/**
 * Packages that stay outside: those in the tree's node_modules. One that is in neither place would be found
 * missing only when it is needed, so an import of any other native package fails the build.
 */
const externalPackages: Plugin = {
  name: 'external-packages',
  setup({ onResolve }) {
    const packages = new RegExp(`^(${NATIVE_PACKAGES.join('|')})(/|$)`);
    onResolve({ filter: packages }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^better-sqlite3$/ }, ({ importer }) => ({
      errors: [{ text: `${relative(ROOT, importer)} brings the embedded index into a function` }],
    }));
  },
};

/**
 * transformers.js for Node carries a copy of onnxruntime-web, 400 KB that only browsers take, and loads sharp
 * for processors of its own, which are not used: both are cut out. A release that carries the copy otherwise
 * fails the build, so that it is looked at.
 */
const leanTransformers: Plugin = {
  name: 'lean-transformers',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^sharp$/ }, ({ importer, path }) =>
      TRANSFORMERS.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: `export default () => { throw new Error('shared/images decodes images') };`,
    }));
    onLoad({ filter: TRANSFORMERS }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const copy = /^\/\/ \S*onnxruntime-web\S*\n(var \w+ = \{\};\n)[\s\S]*?(?=^\/\/ (?:\.\.|src)\/)/m;
      const contents = source.replace(copy, '$1');
      if (contents === source) return { errors: [{ text: 'where is its copy of onnxruntime-web?' }] };
      return { contents, loader: 'js' };
    });
  },
};
const TRANSFORMERS = /transformers\.node\.mjs$/;

/** Reading processes and threads are modules of their own: bundles them beside, and names what was built. */
const workerModules = (found: Set<string>): Plugin => ({
  name: 'workers',
  setup({ onLoad }) {
    onLoad({ filter: /\/shared\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/new URL\('(\.\/[\w-]+\.ts)', import\.meta\.url\)/g, (whole, name) => {
        const worker = join(dirname(path), name);
        if (!existsSync(worker)) return whole;
        found.add(worker);
        return `new URL('./${basename(name, '.ts')}.mjs', import.meta.url)`;
      });
      return { contents, loader: 'ts' };
    });
  },
});
