import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page is static and calls `/api` on its own origin: on a laptop the same process, on AWS the function. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // Nothing inlined as data: a strict Content-Security-Policy holds without exceptions for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env['SEMBLANCE_API'] ?? 'http://127.0.0.1:3000' } },
});
