import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

/** The pages only: the web process (app/server/start.server.ts) and the worker run from source. */
export default defineConfig({
  plugins: [
    remix({
      // Helpers that routes share, not routes.
      ignoredRouteFiles: ['**/*.server.ts'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        // A handful of routes: all are known at once, and a click costs one request, not two.
        v3_lazyRouteDiscovery: false,
        v3_routeConfig: false,
      },
    }),
  ],
  build: { assetsInlineLimit: 0 },
});
