// Gets a checkout ready to run: installs packages and builds the page, each only when a stamp of what it is
// made from differs. Plain JavaScript without packages, since it runs before there are any, on any Node >= 18.
//
//   node scripts/prepare.mjs            for `npm start`, `npm run semblance`: packages and page
//   node scripts/prepare.mjs --tests    for `npm test` and the type check: SST's platform types too
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);

installPackages();
buildPage();
if (process.argv.includes('--tests')) installSstPlatform();

function installPackages() {
  const stamp = stampOf(['package.json', 'package-lock.json'], `${process.platform}-${process.arch}`);
  const stampFile = inRoot('node_modules', '.semblance-stamp');
  if (readStamp(stampFile) === stamp) return;
  say('Installing packages from the npm registry (once; about 1 GB on disk)');
  // --no-save: the lockfile in the repository stays as it is, whatever the platform.
  // Without install scripts: one of them fetches GPU libraries that are not used and fails where only the
  // npm registry is reachable. The Node runtime's own script is the one that is needed.
  run('npm', ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  run('npm', ['rebuild', 'node', '--loglevel=error']);
  writeFileSync(stampFile, stamp);
}

function buildPage() {
  const sources = filesBelow('web').filter(file => !file.startsWith(join('web', 'dist')));
  const stamp = stampOf([...sources, 'package-lock.json']);
  const stampFile = inRoot('web', 'dist', '.stamp');
  if (readStamp(stampFile) === stamp) return;
  say('Building the page');
  rmSync(inRoot('web', 'dist'), { recursive: true, force: true });
  run('npm', ['run', '--silent', 'build:web', '--', '--logLevel', 'warn']);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function installSstPlatform() {
  const script = inRoot('scripts', 'sst-install.mjs');
  if (existsSync(script)) run(process.execPath, [script]);
}

/** Hash of the files' names and bytes; two checkouts with the same sources have the same stamp. */
function stampOf(files, salt = '') {
  const hash = createHash('sha256').update(salt);
  for (const file of [...files].sort()) {
    hash.update(`\0${file}\0`);
    if (existsSync(inRoot(file))) hash.update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function filesBelow(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return [path];
  });
}

function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // Read by npm versions that don't know package.json's allowScripts.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (done.status === 0) return;
  say(
    `\`${command} ${args.join(' ')}\` failed. Is the npm registry reachable? Run the command again to go on.`,
  );
  process.exit(done.status ?? 1);
}

function say(text) {
  process.stderr.write(`semblance: ${text}\n`);
}
