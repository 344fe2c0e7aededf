// How the page does on a library of many images, as a table:
//
//   npm run build:web && node bench/page.ts [ROWS, default 100000]
//
// It needs a Chromium; see tests/browser/chromium.ts for where it looks. Times by the clock mean little on a busy
// machine, so long tasks are told by the CPU time of the page's own thread too.
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../tests/browser/chromium.ts';
import { runSyntheticLibrary } from '../tests/browser/synthetic-library.ts';

const ROWS = Number(process.argv[2] ?? 100_000);
/** px that the wheel turns a frame, and frames. */
const STEP = 60;
const FRAMES = 600;

/** kB of everything that the first view loads until it is at rest, as it is sent, by kind. */
const firstLoad = (page: Page): Promise<{ script: number; style: number }> =>
  page.evaluate(() => {
    const sizes = { script: 0, style: 0 };
    for (const entry of performance.getEntriesByType('resource')) {
      if (!(entry instanceof PerformanceResourceTiming)) continue;
      if (entry.name.endsWith('.js')) sizes.script += entry.encodedBodySize / 1000;
      if (entry.name.endsWith('.css')) sizes.style += entry.encodedBodySize / 1000;
    }
    return sizes;
  });

const openPage = async (browser: Browser, url: string, bypassCSP = false): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    bypassCSP,
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.tile[data-state="loaded"]').first().waitFor();
  return page;
};

const largestPaint = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>(resolve => {
        new PerformanceObserver(list => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );

/** ms from the last key to the first tile of its results, debounce included; the best of several. */
async function keyToResults(page: Page): Promise<number> {
  const times: number[] = [];
  for (const word of ['dog', 'rainbow', 'penguin', 'fox', 'cake']) {
    await page.getByRole('searchbox').fill('');
    const answered = page.waitForResponse(response => response.url().endsWith('/search/query'));
    const started = performance.now();
    await page.getByRole('searchbox').fill(word);
    await answered;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

type Trace = { readonly traceEvents: readonly TraceEvent[] };
type TraceEvent = {
  name: string;
  ph: string;
  dur?: number;
  tdur?: number;
  pid: number;
  tid: number;
  args?: { name?: string };
};

/** Tasks of the page's thread over 50 ms while it scrolls, by the clock and by CPU time, and the longest, ms. */
async function scrollTasks(browser: Browser, page: Page) {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as Trace['traceEvents']) events.push(event);
  });
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] },
  } as never);
  await page.evaluate(
    ({ step, frames }) =>
      new Promise<void>(resolve => {
        let frame = 0;
        const turn = () => {
          scrollBy(0, step);
          frame += 1;
          if (frame < frames) requestAnimationFrame(turn);
          else resolve();
        };
        turn();
      }),
    { step: STEP, frames: FRAMES },
  );
  const done = new Promise(resolve => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' &&
      (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask') &&
      threads.has(`${pid} ${tid}`),
  );
  const over = (times: readonly number[]) => times.filter(time => time > 50_000).length;
  const clock = tasks.map(({ dur = 0 }) => dur);
  const cpu = tasks.map(({ tdur = 0 }) => tdur);
  const longest = (times: readonly number[]) =>
    Math.round(times.reduce((most, time) => Math.max(most, time), 0) / 1000);
  return { clock: over(clock), cpu: over(cpu), longestClock: longest(clock), longestCpu: longest(cpu) };
}

const measure = async (page: Page) => {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { heap: usedSize / 1e6, nodes: await page.locator('*').count() };
};

async function axeCount(browser: Browser, url: string): Promise<number> {
  const page = await openPage(browser, url, true);
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const count = await page.evaluate(
    async () =>
      (await (globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }).axe.run())
        .violations.length,
  );
  await page.context().close();
  return count;
}

const app = await runSyntheticLibrary(ROWS);
const browser = await openBrowser();
try {
  const page = await openPage(browser, app.url);
  const paint = await largestPaint(page);
  await page.waitForFunction(() => [...document.images].every(image => image.complete));
  const size = await firstLoad(page);
  const before = await measure(page);
  const tasks = await scrollTasks(browser, page);
  for (const share of [0.2, 0.4, 0.6, 0.8, 1]) {
    await page.evaluate(to => scrollTo(0, document.documentElement.scrollHeight * to), share);
    await page.locator('.tile[data-state="loaded"]').first().waitFor();
  }
  await page.waitForFunction(() => [...document.images].every(image => image.complete));
  const after = await measure(page);
  await page.evaluate(() => scrollTo(0, 0));
  const typed = await keyToResults(page);
  const axe = await axeCount(browser, app.url);
  const rows = [
    ['images', String(ROWS)],
    ['first load as sent: script, style', `${size.script.toFixed(0)} kB, ${size.style.toFixed(0)} kB`],
    ['largest contentful paint', `${Math.round(paint)} ms`],
    ['key press to results, debounce of 180 ms included', `${Math.round(typed)} ms`],
    [
      `tasks over 50 ms in ${FRAMES} frames of ${STEP} px: by CPU time, by the clock`,
      `${tasks.cpu}, ${tasks.clock}`,
    ],
    ['longest task: by CPU time, by the clock', `${tasks.longestCpu} ms, ${tasks.longestClock} ms`],
    ['elements in the page: at first, at the end', `${before.nodes}, ${after.nodes}`],
    [
      'heap after collection: at first, at the end',
      `${before.heap.toFixed(0)} MB, ${after.heap.toFixed(0)} MB`,
    ],
    ['what axe complains of', String(axe)],
    [
      'load average of the machine',
      loadavg()
        .map(load => load.toFixed(1))
        .join(' '),
    ],
  ];
  console.log(['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n'));
} finally {
  await browser.close();
  await app.stop();
}
