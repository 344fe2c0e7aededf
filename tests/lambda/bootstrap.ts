// What the image's own runtime does: loads the handler that _HANDLER names, then takes one event after the
// other from the runtime API. Connections to anything but this machine are rejected and reported.
import net from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT = '', _HANDLER = '' } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [options] = args.flat();
  if (options !== null && typeof options === 'object' && 'host' in options) {
    // RFC 6761 §6.3: such a name is this machine, which not every resolver knows.
    if (/\.localhost$/.test(String(options.host))) options.host = '127.0.0.1';
    if (options.host !== '127.0.0.1') throw new Error(`a connection to ${options.host} was tried`);
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;

const post = (path: string, body: unknown) =>
  fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body ?? null) });

const described = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') }
    : { errorType: typeof error, errorMessage: String(error) };

async function loadHandler() {
  const dot = _HANDLER.lastIndexOf('.');
  const module = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${_HANDLER.slice(0, dot)}.mjs`)).href);
  return module[_HANDLER.slice(dot + 1)];
}

const handler = await loadHandler().catch(async error => {
  await post('init/error', described(error));
  process.exit(1);
});

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id') ?? '';
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: id,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    await post(`invocation/${id}/response`, await handler(await next.json(), context));
  } catch (error) {
    await post(`invocation/${id}/error`, described(error));
  }
}
