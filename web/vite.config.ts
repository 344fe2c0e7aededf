import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * What the built page may do: run its own scripts and styles, call its own origin, show images from where the
 * library keeps them (signed URLs, or the url that an image came with), send uploads to a bucket.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: http: https:",
  "connect-src 'self' https:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/** The page is static and calls `/api` on its own origin: on a laptop the same process, on AWS the function. */
export default defineConfig({
  plugins: [react(), contentSecurityPolicy],
  build: {
    target: 'es2023',
    // Nothing inlined as data, no polyfill: the policy above holds without exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env['SEMBLANCE_API'] ?? 'http://127.0.0.1:3000' } },
});
