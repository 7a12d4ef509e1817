/**
 * What people and tests do to the sandbox itself, beside what happens in a store: stores made and filled, put back
 * to their seed, kept and restored; clocks and tokens; switches; storms. The routes of /control call these.
 */
import type { Switches } from '../access/switches.ts';
import type { IssuedToken, AccessState } from '../access/access.ts';
import type { BulkRunner } from '../bulk/bulk-runner.ts';
import type { StagedUploads } from '../bulk/staged-uploads.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Seed } from '../seed/seed-store.ts';
import type { PlanName } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { addCustomers } from './more-customers.ts';
import { runStorm } from './storm.ts';
import type { StormOptions, StormReport } from './storm.ts';

/** Something cannot be done, in a sentence for whoever asked; `status` is that of HTTP. */
export class ControlError extends Error {
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.status = status;
  }
}

export interface NewStore {
  /** "NAME.myshopify.com" */
  domain: string;
  timeZone?: string;
  currency?: string;
  plan?: PlanName;
  seed: Seed;
}

export interface StoreReport {
  shop: string;
  /** All scopes; does not expire. */
  accessToken: string;
  customers: number;
  orders: number;
}

interface StoreState {
  store: ReturnType<Store['snapshot']>;
  access: AccessState;
  plugins: Map<string, unknown>;
}

interface Snapshot {
  at: string;
  clock: { now: Date; running: boolean };
  stores: Map<string, StoreState>;
}

/** How the server makes a store; known to it alone. */
export interface StoreMaker {
  /** @throws SandboxOptionError, ExportFileError */
  make(wanted: NewStore): Promise<{ store: Store; add(): void }>;
  /** As it was made, afresh and by itself. */
  again(domain: string): Promise<Store | undefined>;
}

const KEPT_SNAPSHOTS = 20;
const MOST_ORDERS = 100_000;

export class Control {
  readonly #sandbox: Sandbox;
  readonly #bulk: BulkRunner;
  readonly #uploads: StagedUploads;
  readonly #maker: StoreMaker;
  readonly #start: { now: Date; running: boolean };
  readonly #stop = new AbortController();
  #snapshots = new Map<string, Snapshot>();
  #storms: StormReport[] = [];
  #running = new Set<Promise<void>>();

  constructor(sandbox: Sandbox, bulk: BulkRunner, uploads: StagedUploads, maker: StoreMaker) {
    this.#sandbox = sandbox;
    this.#bulk = bulk;
    this.#uploads = uploads;
    this.#maker = maker;
    this.#start = { now: sandbox.clock.now(), running: sandbox.clock.state().running };
  }

  /** A new store. @throws ControlError, SandboxOptionError, ExportFileError */
  async addStore(wanted: NewStore): Promise<StoreReport> {
    if (this.#sandbox.stores.has(wanted.domain)) {
      throw new ControlError(`There is a store ${wanted.domain} already.`, 409);
    }
    const { store, add } = await this.#maker.make(wanted);
    if (this.#sandbox.stores.has(wanted.domain)) {
      throw new ControlError(`There is a store ${wanted.domain} already.`, 409);
    }
    add();
    for (const plugin of this.#sandbox.plugins) plugin.storeAdded?.(store);
    return this.describe(store);
  }

  /** More generated customers with their orders, unannounced. */
  addCustomers(
    domain: string,
    options: { customers: number; seed: number },
  ): StoreReport & { added: { customers: number; orders: number } } {
    const store = this.#store(domain);
    const added = addCustomers(store, options);
    return { ...this.describe(store), added };
  }

  describe(store: Store): StoreReport {
    const { domain } = store.shop;
    return {
      shop: domain,
      accessToken: this.accessToken(domain, { allScopes: true, install: false }).access_token,
      customers: store.customerCount(),
      orders: store.orderCount(),
    };
  }

  /**
   * Back to the seed: records, clock (when all stores go back), switches, faults, what waits to be delivered. The
   * installation and its tokens stay.
   */
  async reset(domain?: string): Promise<void> {
    const { stores, clock, faults, access, plugins } = this.#sandbox;
    const domains = domain === undefined ? [...stores.keys()] : [this.#store(domain).shop.domain];
    const all = domains.length === stores.size;
    if (all) {
      clock.setRunning(this.#start.running);
      clock.set(this.#start.now);
      faults.reset();
    }
    for (const one of domains) {
      const fresh = await this.#maker.again(one);
      const store = this.#store(one);
      await this.#bulk.drop(one);
      for (const plugin of plugins) plugin.restore?.(one, undefined);
      if (fresh) store.restore(fresh.snapshot());
      access.resetSwitches(one);
    }
  }

  /** Keeps everything under a name: one store, or all of them. An older snapshot of this name is replaced. */
  snapshot(name: string, domain?: string): { name: string; stores: string[] } {
    const { stores, clock, access, plugins } = this.#sandbox;
    const chosen = domain === undefined ? [...stores.values()] : [this.#store(domain)];
    this.#snapshots.delete(name);
    if (this.#snapshots.size >= KEPT_SNAPSHOTS) {
      throw new ControlError(`There are ${KEPT_SNAPSHOTS} snapshots already: delete one.`);
    }
    this.#snapshots.set(name, {
      at: new Date().toISOString(),
      clock: { now: clock.now(), running: clock.state().running },
      stores: new Map(
        chosen.map((store) => [
          store.shop.domain,
          {
            store: store.snapshot(),
            access: access.dump(store.shop.domain),
            plugins: new Map(plugins.map((plugin) => [plugin.name, plugin.snapshot?.(store.shop.domain)])),
          },
        ]),
      ),
    });
    return { name, stores: chosen.map(({ shop }) => shop.domain) };
  }

  /**
   * Everything as it was, for the stores of the snapshot; nobody is told. Bulk operations that ran then, or run now,
   * are gone.
   */
  async restore(name: string): Promise<{ name: string; stores: string[] }> {
    const snapshot = this.#snapshots.get(name);
    if (!snapshot) throw new ControlError(`There is no snapshot ${name}.`, 404);
    const { clock, access, plugins } = this.#sandbox;
    for (const [domain, state] of snapshot.stores) {
      const store = this.#store(domain);
      await this.#bulk.drop(domain);
      store.restore(state.store);
      access.load(domain, state.access);
      for (const plugin of plugins) plugin.restore?.(domain, state.plugins.get(plugin.name));
    }
    clock.setRunning(snapshot.clock.running);
    clock.set(snapshot.clock.now);
    return { name, stores: [...snapshot.stores.keys()] };
  }

  snapshots(): { name: string; at: string; stores: string[] }[] {
    return [...this.#snapshots].map(([name, { at, stores }]) => ({ name, at, stores: [...stores.keys()] }));
  }

  deleteSnapshot(name: string): boolean {
    return this.#snapshots.delete(name);
  }

  /** Files that expire: results of bulk operations, staged uploads; and operations that take too long. */
  ageBulk(milliseconds: number): void {
    this.#uploads.age(milliseconds);
    this.#bulk.age(milliseconds);
  }

  accessToken(
    domain: string,
    options: { allScopes?: boolean; expiring?: boolean; install?: boolean } = {},
  ): IssuedToken {
    const { expiring = false, ...rest } = options;
    return this.#sandbox.access.issue(this.#store(domain).shop.domain, { expiring, ...rest });
  }

  switches(domain: string, change: Partial<Switches> = {}): Switches {
    return this.#sandbox.access.setSwitches(this.#store(domain).shop.domain, change);
  }

  /** Starts it; `storm` says how far it is. @throws ControlError when one runs in that store */
  startStorm(domain: string, options: StormOptions): StormReport {
    const store = this.#store(domain);
    if (options.orders > MOST_ORDERS) throw new ControlError(`A storm has at most ${MOST_ORDERS} orders.`);
    if (this.#storms.some((one) => one.shop === domain && one.state === 'running')) {
      throw new ControlError(`A storm goes on in ${domain}.`, 409);
    }
    const report: StormReport = {
      id: this.#storms.length + 1,
      shop: domain,
      ...options,
      state: 'running',
      placed: 0,
      startedAt: new Date().toISOString(),
      finishedAt: null,
      took: null,
    };
    this.#storms.push(report);
    const done = runStorm(store, report, this.#stop.signal)
      .catch(() => void (report.state = 'stopped'))
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
    return report;
  }

  /** Newest last. */
  storms(): readonly StormReport[] {
    return this.#storms;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#running]);
  }

  #store(domain: string): Store {
    const store = this.#sandbox.stores.get(domain);
    if (!store) throw new ControlError(`There is no store ${domain}.`, 404);
    return store;
  }
}
