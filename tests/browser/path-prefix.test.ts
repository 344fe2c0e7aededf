import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { chromiumPath, openBrowser } from './chromium.ts';
import { openGallery } from './gallery-page.ts';
import { runApp } from './running-app.ts';

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
  let browser: Browser;
  let app: RunningApp;
  let proxy: Server;
  beforeAll(async () => {
    [browser, app] = await Promise.all([
      openBrowser(),
      runApp(`${GALLERY}/animals`, { SEMBLANCE_OCR: 'off' }),
    ]);
    proxy = await proxyTo(app.url);
    await app.indexed;
  });
  afterAll(async () => {
    proxy?.closeAllConnections();
    proxy?.close();
    await browser?.close();
    await app?.stop();
  });

  it('the page, its files, the API and the images are found', async () => {
    const { port } = proxy.address() as AddressInfo;
    const gallery = await openGallery(browser, `http://127.0.0.1:${port}/gallery/`);
    await gallery.search('fox');
    await gallery.first('fox');
    const image = gallery.page.locator('.tile img').first();
    await expect
      .poll(() => image.evaluate(element => (element as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    expect(await image.getAttribute('src')).toMatch(/^\/gallery\/api\/static\//);
    expect(gallery.complaints).toEqual([]);
    await gallery.close();
  });
});
