import { once } from 'node:events';
import { connect } from 'node:net';

/** One connection that is kept, and one request at a time on it. */
export type HttpClient = {
  /** @returns the status of the response, once all of it is there */
  get(path: string): Promise<number>;
  close(): void;
};

/**
 * A client that takes as little of the machine as can be, as programs that measure servers do: it looks for the end of
 * a response by its Content-Length and at nothing else. What a client takes, it takes from the server's cores.
 */
export async function openHttpClient(url: string): Promise<HttpClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let waiting: PromiseWithResolvers<number> | undefined;
  let status = 0;
  /** bytes of the response that are still to come; of one whose head is not whole, −1. */
  let left = -1;
  let head = '';

  socket.on('data', (chunk: Buffer) => {
    let body = chunk.length;
    if (left < 0) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      left = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
      body = head.length - end - 4;
      head = '';
    }
    left -= body;
    if (left > 0) return;
    left = -1;
    waiting?.resolve(status);
  });
  socket.on('close', () => waiting?.reject(new Error('The server closed the connection')));
  socket.on('error', error => waiting?.reject(error));

  return {
    get(path) {
      waiting = Promise.withResolvers();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}
