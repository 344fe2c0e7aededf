import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { filesBelow, freshFolder } from './tree.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What can't be bundled: native code, and WebAssembly that is loaded by file name. */
export const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp', 'libheif-js', '@cornerstonejs/codec-openjpeg'];

export type Processor = 'x64' | 'arm64';

/** The files of each package that run there; package.json and licence go with them. */
const wantedFiles = (processor: Processor): Readonly<Record<string, RegExp>> => ({
  // The CPU's binaries alone: those for CUDA come by an install script, which is never run.
  'onnxruntime-node': new RegExp(
    `^(dist/.*\\.js|bin/napi-v\\d+/linux/${processor}/(onnxruntime_binding\\.node|libonnxruntime\\.so[.\\d]*))$`,
  ),
  'onnxruntime-common': /^dist\/cjs\/.*\.(js|json)$/,
  sharp: /^dist\/.*\.[cm]js$/,
  '@img/colour': /^.*\.cjs$/,
  [`@img/sharp-linux-${processor}`]: /^(index\.cjs|lib\/.*\.node)$/,
  [`@img/sharp-libvips-linux-${processor}`]: /^(lib\/[^/]*|versions\.json)$/,
  'detect-libc': /^lib\/.*\.js$/,
  semver: /^.*\.js$/,
  '@cornerstonejs/codec-openjpeg': /^dist\/openjpegwasm_decode\.(js|wasm)$/,
  'libheif-js': /^libheif-wasm\/(libheif-bundle\.js|LICENSE)$/,
});

const ALWAYS = /^(package\.json|(LICEN[CS]E|NOTICE|ThirdPartyNotices)[^/]*)$/i;

const entrySchema = z.looseObject({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const lockSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });
type Lock = z.output<typeof lockSchema>;

/**
 * Lays the packages that the bundles load at run time, for Lambda's Linux whatever this machine is: exactly
 * the versions of the project's lockfile, their integrity checked by npm, no install script run.
 * @param cacheFolder keeps the installed packages between builds
 */
export async function layNativePackages(
  processor: Processor,
  cacheFolder: string,
  target: string,
): Promise<void> {
  const lock = lockSchema.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
  const installed = await install(processor, closureOf(lock, NATIVE_PACKAGES), cacheFolder);
  for (const [name, pattern] of Object.entries(wantedFiles(processor))) {
    for (const file of await filesBelow(join(installed, name))) {
      if (pattern.test(file) || ALWAYS.test(file))
        await cp(join(installed, name, file), join(target, name, file));
    }
  }
}

/** The lockfile's entries of these packages and all that they depend on. */
function closureOf({ packages }: Lock, names: readonly string[]): Lock['packages'] {
  const closure: Lock['packages'] = {};
  const add = (name: string, by: string) => {
    const nested = `${by}/node_modules/${name}`;
    const key = nested in packages ? nested : `node_modules/${name}`;
    const entry = packages[key];
    if (!entry || key in closure) return;
    closure[key] = entry;
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }))
      add(needed, key);
  };
  for (const name of names) add(name, '');
  return closure;
}

async function install(
  processor: Processor,
  packages: Lock['packages'],
  cacheFolder: string,
): Promise<string> {
  const root = {
    name: 'semblance-lambda',
    version: '0.0.0',
    dependencies: Object.fromEntries(
      NATIVE_PACKAGES.map(name => [name, packages[`node_modules/${name}`]?.version]),
    ),
  };
  const lockfile = {
    name: root.name,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...packages },
  };
  const stamp = createHash('sha256')
    .update(JSON.stringify([processor, lockfile]))
    .digest('hex');
  const folder = join(cacheFolder, `linux-${processor}-${stamp.slice(0, 16)}`);
  if (await stat(folder).catch(() => null)) return join(folder, 'node_modules');
  // Whole or not at all, also where two builds begin at once.
  const aside = await freshFolder(`${folder}.${process.pid}`);
  await writeFile(join(aside, 'package.json'), JSON.stringify(root));
  await writeFile(join(aside, 'package-lock.json'), JSON.stringify(lockfile));
  npm(aside, [
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--os=linux',
    `--cpu=${processor}`,
    '--libc=glibc',
  ]);
  await rename(aside, folder).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true });
    const isThere = await stat(folder).catch(() => null);
    if (!isThere) throw error;
  });
  return join(folder, 'node_modules');
}

function npm(folder: string, args: string[]): void {
  const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status !== 0) throw new Error(`npm ${args[0]} failed in ${folder}:\n${done.stderr || done.error}`);
}
