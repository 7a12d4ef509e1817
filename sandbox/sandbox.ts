/** The sandbox as its own parts and the tests see it. `startSandbox` (server.ts) builds it. */
import type { Access } from './access/access.ts';
import type { ApiLog } from './graphql/api-log.ts';
import type { BusinessClock } from './clock.ts';
import type { Control } from './control/control.ts';
import type { Faults } from './faults/faults.ts';
import type { Route } from './http/route.ts';
import type { Store } from './store/store.ts';

export interface Sandbox {
  /** "http://127.0.0.1:4600", without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the app is, without a slash at the end; undefined until somebody says. May be set later. */
  appUrl: string | undefined;
  /** Path of shopify.app.toml: webhook subscriptions and scopes. */
  readonly appConfig: string | undefined;
  readonly fast: boolean;
  readonly clock: BusinessClock;
  /** By domain ("NAME.myshopify.com"). */
  readonly stores: ReadonlyMap<string, Store>;
  readonly access: Access;
  readonly apiLog: ApiLog;
  /** What is to go wrong, and how often it did. */
  readonly faults: Faults;
  /** Seed, reset, snapshot, switches, storms: what /control does. */
  readonly control: Control;
  readonly plugins: readonly SandboxPlugin[];
  /** A token that does not expire; installs the app if it is not. */
  accessTokenFor(domain: string): string;
  /** What the admin frame gives to the app: one minute, signed with the app's secret. */
  sessionTokenFor(domain: string): string;
  close(): Promise<void>;
}

/** A part that follows the stores' changes or adds pages; made once, after the stores are there. */
export interface SandboxPlugin {
  readonly name: string;
  readonly routes?: readonly Route[];
  /** Added to GET /control/state under `name`. */
  state?(domain: string): Record<string, unknown>;
  /** A store was made while the sandbox runs. */
  storeAdded?(store: Store): void;
  /** What belongs to this store here, for a snapshot; any plain data. */
  snapshot?(domain: string): unknown;
  /** Back to what `snapshot` gave; undefined: to nothing. */
  restore?(domain: string, state: unknown): void;
  close?(): Promise<void>;
}
