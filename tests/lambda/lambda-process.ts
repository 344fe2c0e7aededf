import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

export type LambdaOptions = {
  /** A built tree; it is what /var/task is in the image. */
  readonly tree: string;
  /** As the function's image configuration names it. */
  readonly command: string;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** The only folder that may be written to. */
  readonly temporary: string;
  /** Seconds. */
  readonly timeout?: number;
  /** MB, as configured for the function. */
  readonly memory?: number;
};

export type LambdaProcess = {
  readonly options: LambdaOptions;
  /**
   * One event's response.
   * @throws when the handler does, with its words
   */
  invoke(event: unknown): Promise<unknown>;
  /** ms from the start of the process until it requested its first event. */
  readonly initMs: number;
  /** Largest resident set so far, bytes; Linux only. */
  peakMemory(): Promise<number>;
  /** What was logged so far. */
  log(): string;
  stop(): Promise<void>;
};

type Invocation = { id: string; event: unknown; settle: PromiseWithResolvers<unknown> };

/**
 * Runs a function of a built tree as Lambda does: a process that asks the runtime API for events, whose disk
 * is read-only but for one folder, and which is frozen while there are none.
 */
export async function startLambda(options: LambdaOptions): Promise<LambdaProcess> {
  const { timeout = 30 } = options;
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  const firstPoll = Promise.withResolvers<void>();
  let poll: ServerResponse | undefined;
  let child: ChildProcess | undefined;
  let log = '';

  function hand() {
    const invocation = poll && waiting.shift();
    if (!poll || !invocation) return;
    running.set(invocation.id, invocation);
    poll.setHeader('Lambda-Runtime-Aws-Request-Id', invocation.id);
    poll.setHeader('Lambda-Runtime-Deadline-Ms', String(Date.now() + timeout * 1000));
    poll.setHeader('Lambda-Runtime-Invoked-Function-Arn', 'arn:aws:lambda:eu-central-1:1:function:test');
    poll.end(JSON.stringify(invocation.event));
    poll = undefined;
    child?.kill('SIGCONT');
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const path = request.url?.replace('/2018-06-01/runtime/', '') ?? '';
    if (path === 'invocation/next') {
      poll = response;
      if (waiting.length === 0) child?.kill('SIGSTOP');
      firstPoll.resolve();
      return hand();
    }
    const body = await json(request);
    response.statusCode = 202;
    response.end();
    if (path === 'init/error') return firstPoll.reject(new Error(JSON.stringify(body)));
    const [, id = '', outcome] = path.split('/');
    const invocation = running.get(id);
    running.delete(id);
    if (outcome === 'response') invocation?.settle.resolve(body);
    else invocation?.settle.reject(new Error(JSON.stringify(body)));
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const started = performance.now();
  child = spawn(process.execPath, argumentsOf(options), {
    cwd: options.tree,
    env: { ...environmentOf(options), AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      log += chunk;
    });
  }
  const exited = new Promise<void>(resolve =>
    child?.once('exit', (code, signal) => {
      const died = new Error(`the function ended (${signal ?? code}):\n${log}`);
      firstPoll.reject(died);
      for (const { settle } of [...waiting, ...running.values()]) settle.reject(died);
      resolve();
    }),
  );
  await firstPoll.promise.catch(error => {
    server.close();
    throw error;
  });
  const initMs = performance.now() - started;

  return {
    options,
    initMs,
    invoke(event) {
      const invocation = { id: randomUUID(), event, settle: Promise.withResolvers<unknown>() };
      waiting.push(invocation);
      hand();
      return invocation.settle.promise;
    },
    async peakMemory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    log: () => log,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Node's permission model stands for the image's read-only disk. */
const argumentsOf = ({ temporary }: LambdaOptions): string[] => [
  '--enable-source-maps',
  '--no-warnings',
  '--permission',
  '--allow-fs-read=*',
  `--allow-fs-write=${temporary}`,
  '--allow-addons',
  '--allow-worker',
  '--allow-child-process',
  '--allow-wasi',
  join(import.meta.dirname, 'bootstrap.ts'),
];

const environmentOf = ({ tree, command, memory = 3008, environment, temporary }: LambdaOptions) => ({
  _HANDLER: command,
  LAMBDA_TASK_ROOT: tree,
  AWS_LAMBDA_FUNCTION_NAME: 'semblance-test',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TMPDIR: temporary,
  ...environment,
});
