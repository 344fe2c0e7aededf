import { afterEach, expect, test } from 'vitest';
import { drawImage } from '../contract-http/drawn-images.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Waits for events of one type after another. */
function eventsOf(body: ReadableStream<Uint8Array>) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async function next(type: string): Promise<unknown> {
    for (;;) {
      const found = new RegExp(`event: ${type}\ndata: (.*)\n\n`).exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '');
      }
      const { done, value } = await reader.read();
      if (done) throw new Error(`The stream ended without ${type}`);
      text += value;
    }
  };
}

const upload = async ({ baseUrl }: LocalServer, emoji: string): Promise<string> => {
  const form = new FormData();
  form.append('image_file', new Blob([await drawImage({ emoji })], { type: 'image/jpeg' }), 'x.jpg');
  const response = await fetch(`${baseUrl}/admin/upload?local=true&skip_ocr=true`, {
    method: 'POST',
    body: form,
  });
  return ((await response.json()) as { image_id: string }).image_id;
};

test('what is indexed and removed is sent while a client listens, without a token on the same machine', async () => {
  server = await startLocalServer({ access: {} });
  const { body } = await fetch(`${server.baseUrl}/admin/events`);
  if (!body) throw new Error('no stream');
  const next = eventsOf(body);
  expect(await next('progress')).toMatchObject({ total: 0 });
  const id = await upload(server, 'cat-face');
  expect(await next('indexed')).toMatchObject({ type: 'indexed', id });
  await fetch(`${server.baseUrl}/admin/delete/${id}`, { method: 'DELETE' });
  expect(await next('removed')).toMatchObject({ type: 'removed', id });
});

test('a server that closes ends its streams', async () => {
  server = await startLocalServer({ access: {} });
  const { body } = await fetch(`${server.baseUrl}/admin/events`);
  const ended = (async () => {
    for await (const _ of body ?? []);
  })();
  await server.close();
  server = undefined;
  await ended.catch(() => {});
});
