// Unpacks SST's platform into .sst/ (ignored), where the type check of stacks/ and their tests find the
// components and the providers of sst.config.ts. Only when they are missing or differ; about half a minute.
// It needs the npm registry and no account. Plain JavaScript: scripts/prepare.mjs runs it on any Node >= 18.
//
//   node scripts/sst-install.mjs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, '.sst', '.semblance-stamp');
const stamp = createHash('sha256')
  .update(readFileSync(join(root, 'sst.config.ts')))
  .update(readFileSync(join(root, 'node_modules', 'sst', 'package.json')))
  .digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  process.stderr.write(
    'semblance: Installing the platform of SST from the npm registry (once; about 320 MB)\n',
  );
  const sst = join(root, 'node_modules', 'sst', 'bin', 'sst.mjs');
  const done = spawnSync(process.execPath, [sst, 'install'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SST_STAGE: 'test',
      SST_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      SST_SKIP_DEPENDENCY_CHECK: '1',
      // Otherwise it downloads bun; npm is at hand.
      SST_NO_BUN: '1',
      NO_BUN: '1',
    },
  });
  if (done.status !== 0) {
    process.stderr.write('semblance: `sst install` failed. Is the npm registry reachable?\n');
    process.exit(done.status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}
