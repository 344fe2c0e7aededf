import { execFile } from 'node:child_process';

/** How a program ended; `code` is null where it could not be started or took too long. */
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** What the preflight asks: programs of this machine and addresses of the network. */
export type Tools = {
  run(command: string, args: readonly string[]): Promise<Ran>;
  fetch(url: string, init: { headers: Record<string, string>; signal: AbortSignal }): Promise<Response>;
};

/** ms that a program may take; asking SST for its secrets takes longest. */
const PATIENCE = 60_000;

/** The real tools; programs run in the folder of the project, without SST's statistics and questions. */
export const realTools = (root: string): Tools => ({
  run: (command, args) =>
    new Promise(resolve => {
      execFile(
        command,
        [...args],
        {
          cwd: root,
          timeout: PATIENCE,
          encoding: 'utf8',
          env: { ...process.env, AWS_PAGER: '', NO_COLOR: '1', SST_TELEMETRY_DISABLED: '1' },
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, stdout, stderr });
        },
      );
    }),
  fetch: (url, init) => fetch(url, init),
});
