import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

/** A reverse proxy that knows the app as /gallery/, as `location /gallery/ { proxy_pass …/; }` of nginx. */
async function proxyTo(target: string): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url?.startsWith('/gallery/') ? incoming.url.slice('/gallery'.length) : null;
    if (path === null) {
      outgoing.writeHead(404).end();
      return;
    }
    const onward = request(
      target + path,
      { method: incoming.method, headers: incoming.headers },
      response => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}

describe.skipIf(chromiumPath === null)('below a path of a reverse proxy', () => {
  let proxy: Server;
  const site = useApp(async () => {
    const app = await runGallery();
    proxy = await proxyTo(app.url);
    return app;
  });
  afterAll(() => {
    proxy?.closeAllConnections();
    proxy?.close();
  });

  it('the page, its files, the API and the images are found', async () => {
    const { port } = proxy.address() as AddressInfo;
    const gallery = await site.open(`http://127.0.0.1:${port}/gallery/`);
    await gallery.search('fox');
    await gallery.first('fox');
    const image = gallery.page.locator('.tile img').first();
    await expect
      .poll(() => image.evaluate(element => (element as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    expect(await image.getAttribute('src')).toMatch(/^\/gallery\/api\/static\//);
  });
});
