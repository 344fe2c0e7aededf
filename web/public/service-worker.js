// Keeps the page's own files, so that it opens where the server is away and says so. What the API responds is never
// kept and never answered from here: nothing old can pass for new.
const SHELL = 'semblance-shell';
const scope = new URL('./', self.location.href);
const isAsset = ({ origin, pathname }) =>
  origin === scope.origin && pathname.startsWith(`${scope.pathname}assets/`);

self.addEventListener('install', event => event.waitUntil(takeShell().then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate' && url.origin === scope.origin && url.pathname === scope.pathname)
    event.respondWith(openPage(event, request));
  else if (isAsset(url)) event.respondWith(keptOrFetched(request));
});

/** The page as the server has it; as it was kept where the server does not answer. */
async function openPage(event, request) {
  try {
    const response = await fetch(request);
    if (response.ok) event.waitUntil(takeShell(response.clone()));
    return response;
  } catch (error) {
    const kept = await (await caches.open(SHELL)).match(scope, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

/** Names of these files have their hash: what is kept under a name is what the server has. */
async function keptOrFetched(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** Keeps a page and the files it begins with; those of a page before it go. */
async function takeShell(given) {
  const page = given ?? (await fetch(scope, { headers: { Accept: 'text/html' } }));
  if (!page.ok || !page.headers.get('Content-Type')?.startsWith('text/html')) return;
  const text = await page.clone().text();
  const cache = await caches.open(SHELL);
  const before = await cache.match(scope, { ignoreVary: true });
  if (before && (await before.text()) === text) return;
  const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => new URL(file, scope));
  const fetched = await Promise.all(
    files.filter(url => url.origin === scope.origin).map(async url => [url, await fetch(url)]),
  );
  await Promise.all((await cache.keys()).map(request => cache.delete(request)));
  await Promise.all(
    fetched.filter(([, response]) => response.ok).map(([url, response]) => cache.put(url, response)),
  );
  await cache.put(scope, page);
}
