import { defineConfig } from 'vite';

const server = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

// The dashboard. The playground has a build of its own, so that neither loads
// anything of the other.
export default defineConfig({
  // See vite.playground.ts. All pages are beside each other for the same reason.
  base: './',
  build: {
    assetsDir: 'assets',
    target: 'es2022',
    license: { fileName: 'assets/licenses.md' },
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      // What pages share is one script: as two dozen small ones it takes a browser longer to fetch than to run.
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } },
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/graphql': { target: server, ws: true }, '/api': server, '/playground': server } },
});
