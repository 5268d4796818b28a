import { defineConfig } from 'vite';

const server = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // Every address in the build is relative, so that the page also works behind
  // a proxy that serves Loadline under a prefix. The page itself is served as
  // /playground, its assets as /playground/….
  base: './',
  build: {
    emptyOutDir: false, // the dashboard is there already
    assetsDir: 'playground',
    target: 'es2022',
    license: { fileName: 'playground/licenses.md' },
    rolldownOptions: {
      input: 'playground.html',
      checks: { moduleLevelDirective: false },
    },
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': { target: server, ws: true } } },
});
