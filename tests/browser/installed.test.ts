import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chromiumPath } from './chromium.ts';
import { runGallery } from './indexed-gallery.ts';
import { useApp } from './use-app.ts';

describe.skipIf(chromiumPath === null)('the page as an installed app', () => {
  /** A way to the server that can be cut. */
  let line: Server;
  let isCut = false;
  let url: string;
  const site = useApp(
    async () => {
      const app = await runGallery();
      line = createServer((incoming, outgoing) => {
        if (isCut) {
          outgoing.destroy();
          return;
        }
        const { method, headers } = incoming;
        const onward = request(app.url + (incoming.url ?? ''), { method, headers }, response => {
          outgoing.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        incoming.pipe(onward);
      });
      await new Promise<void>(resolve => line.listen(0, '127.0.0.1', resolve));
      const { port } = line.address() as AddressInfo;
      url = `http://127.0.0.1:${port}/`;
      return app;
    },
    { serviceWorkers: 'allow' },
  );
  afterAll(() => {
    line?.closeAllConnections();
    line?.close();
  });

  it('can be installed: a manifest with icons that are there', async () => {
    const gallery = await site.open(url);
    const href = await gallery.page.locator('link[rel="manifest"]').getAttribute('href');
    const address = new URL(href ?? '', url);
    const response = await fetch(address);
    expect(response.headers.get('Content-Type')).toContain('application/manifest+json');
    const { icons, display } = z
      .looseObject({ display: z.string(), icons: z.array(z.looseObject({ src: z.string() })) })
      .parse(await response.json());
    expect(display).toBe('standalone');
    for (const { src } of icons) expect((await fetch(new URL(src, address))).status, src).toBe(200);
    const devtools = await gallery.page.context().newCDPSession(gallery.page);
    const { errors } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
  });

  it('opens from its own files where the server is away, says so, shows nothing old, and goes on', async () => {
    site.expectComplaints(/Failed to load resource|ERR_/);
    const { page } = await site.open(url);
    await page.locator('.tile').first().waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const kept = await caches.open('semblance-shell');
      while ((await kept.keys()).length < 3) await new Promise(resolve => setTimeout(resolve, 50));
    });
    await page.reload();
    await page.locator('.tile').first().waitFor();
    isCut = true;
    line.closeAllConnections();
    await page.reload();
    await page.getByText('The server does not respond').first().waitFor();
    expect(await page.locator('.tile[data-id]').count()).toBe(0);
    const names = await page.evaluate(async () =>
      (await (await caches.open('semblance-shell')).keys()).map(({ url: kept }) => new URL(kept).pathname),
    );
    expect(names.filter(name => name.startsWith('/api'))).toEqual([]);
    isCut = false;
    await page.locator('.tile').first().waitFor();
  });
});
