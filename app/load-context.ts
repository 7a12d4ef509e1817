/** What every loader and action finds in `context`: built once a process by context.server.ts. */
import type { AppContext } from './context.server.ts';

declare module '@remix-run/node' {
  interface AppLoadContext {
    regulars: AppContext;
  }
}
