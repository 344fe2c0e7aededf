import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../functions/cli/main.ts');

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the command line as a process of its own. */
export function runSemblance(args: readonly string[], environment: Record<string, string>): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  return new Promise(resolve => child.once('close', code => resolve({ code, stdout, stderr })));
}
