import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { PAGE_POLICY } from '../shared/page-policy.ts';

/** The policy holds where the page is served without the header, too. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/** Beside each script and style stands the same by brotli, a sixth smaller than gzip: compressed once, not when asked. */
const precompressed: Plugin = {
  name: 'precompressed',
  apply: 'build',
  generateBundle: {
    order: 'post',
    async handler(_, bundle) {
      const files = Object.entries(bundle).filter(([fileName]) => /\.(js|css)$/.test(fileName));
      await Promise.all(
        files.map(async ([fileName, file]) => {
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          const source = await promisify(brotliCompress)(bytes);
          if (source.length < bytes.length)
            this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source });
        }),
      );
    },
  },
};

const SHARED =
  /node_modules\/(react|react-dom|scheduler|@tanstack|hono|thumbhash)\/|web\/src\/(api\/|ui\/format|ui\/modal|state\/(search-state|reference|scroll-memory|parse-json|query-text)|listing\/|grid\/(tile|selection|placeholder|bands|justify))/;

/** The page is static and calls `/api` on its own origin: on a laptop the same process, on AWS the function. */
export default defineConfig({
  // relative, so that the page also works below a path
  base: './',
  plugins: [react(), contentSecurityPolicy, precompressed],
  build: {
    target: 'es2023',
    // Nothing inlined as data, no polyfill: the policy above holds without exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first view and later ones share is one file: many small ones compress worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'core', test: SHARED }] } },
      // Compressing takes most of the build's time, and is meant to.
      checks: { pluginTimings: false },
    },
  },
  server: { proxy: { '/api': process.env['SEMBLANCE_API'] ?? 'http://127.0.0.1:3000' } },
});
