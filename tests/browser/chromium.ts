import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

/** Where distributions and installers put a Chromium. */
const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The Chromium to test in: CHROMIUM_PATH, else one at a usual place; null where there is none. */
export const chromiumPath: string | null =
  process.env['CHROMIUM_PATH'] ?? USUAL_PATHS.find(path => existsSync(path)) ?? null;

if (chromiumPath === null)
  console.warn('SKIPPED: the page is not tested, no Chromium was found. Install one or set CHROMIUM_PATH.');

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === null ? {} : { executablePath: chromiumPath }),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      // Containers have a small /dev/shm, and tabs that fill it crash.
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

let running: Promise<Browser> | undefined;

/** The browser of all test files of this process, which ends with it; another one where it crashed. */
export async function sharedBrowser(): Promise<Browser> {
  const before = await running?.catch(() => undefined);
  if (before?.isConnected()) return before;
  running = openBrowser();
  return running;
}

/** A window of its own, without cookies, in English; what a test awaits in it may take long on a busy machine. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  return context;
}
