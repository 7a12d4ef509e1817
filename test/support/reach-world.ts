/** The arithmetic store in the sandbox with VIP (1,000.00 in 365 days) turned on: for what goes out besides tags. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sendFlow } from '../../app/activation/flow/send-flow.server.ts';
import { releaseWaiting } from '../../app/activation/flow/release-waiting.server.ts';
import { writeMetafields } from '../../app/activation/metafields/write-metafields.server.ts';
import { syncNativeSegments } from '../../app/activation/native-segments/sync-native-segments.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../app/db/tenancy.server.ts';
import { applyChange, type ChangeInput } from '../../app/pipeline/apply-change.server.ts';
import { reviewDue } from '../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { installPresets } from '../../app/segments/install-presets.server.ts';
import { reviewChange } from '../../app/segments/review-change.server.ts';
import { reviewTurnOn } from '../../app/segments/review-turn-on.server.ts';
import type { SegmentChange } from '../../app/segments/segment-change.ts';
import { arithmeticEmail, writeArithmeticExport } from './arithmetic-export.ts';
import { vipRule } from './vip-rule.ts';
import { createWorkerWorld, WORLD_DOMAIN, type WorkerWorld } from './worker-world.ts';

export interface ReachWorld {
  world: WorkerWorld;
  shopId: ShopId;
  now(): Date;
  in<T>(work: (tx: ShopTx) => Promise<T>): Promise<T>;
  rows<T extends Record<string, unknown>>(statement: ReturnType<typeof sql>): Promise<T[]>;
  /** Turns the business clock and does what is due by it, contact hours included. */
  goTo(at: Date): Promise<void>;
  turnOn(keys: string[], options?: { startAutomations?: boolean }): Promise<void>;
  approve(change: SegmentChange, options?: Partial<ChangeInput>): Promise<string>;
  sendFlow(): Promise<Date | null>;
  writeMetafields(): Promise<Date | null>;
  syncNativeSegments(): Promise<Date | null>;
  /** What Flow has been told: "handle c160 VIP date". */
  told(): string[];
  /** Arms a fault of the sandbox; `happened` says how often those of the name struck. */
  fault(fault: Record<string, unknown>): Promise<void>;
  happened(name: string): Promise<number>;
  clearFaults(): Promise<void>;
  idOf(customer: number): string;
  numberOf(id: string): number;
  close(): Promise<void>;
}

export { vipRule };

export async function createReachWorld(options: { presets?: boolean } = {}): Promise<ReachWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'regulars-reach-'));
  const file = path.join(folder, 'orders_export.csv');
  writeArithmeticExport(file);
  const world = await createWorkerWorld({ seed: { orders: file, asRecorded: true, asOf: '2026-11-22' } });
  const shopId = await world.newShop();
  const now = () => world.ctx.clock.now();
  const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => world.testDb.db.inShop(shopId, work);
  const ids = new Map(
    [...world.store.customers()].map((customer) => [customer.email ?? '', String(customer.id)]),
  );
  const idOf = (customer: number) => ids.get(arithmeticEmail(customer)) ?? '';
  const numbers = new Map(Array.from({ length: 200 }, (_, k) => [idOf(k + 1), k + 1]));
  const admin = await world.ctx.adminFor(shopId);
  const ctx = { ...world.ctx, admin };
  const control = async (method: string, body?: unknown) => {
    const answer = await fetch(`${world.sandbox.url}/control/faults`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
    return (await answer.json().catch(() => ({}))) as { happened?: Record<string, number> };
  };
  const reach: ReachWorld = {
    world,
    shopId,
    now,
    in: inShop,
    rows: async <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
      inShop(async (tx) => (await tx.query<T>(statement)).rows),
    async goTo(at) {
      world.sandbox.clock.set(at);
      await reviewDue(world.ctx, shopId);
      await inShop((tx) => releaseWaiting(tx, now()));
    },
    async turnOn(keys, { startAutomations = false } = {}) {
      const { fingerprint } = await inShop((tx) => reviewTurnOn(tx, { keys, now: now() }));
      const done = await turnOn(world.ctx, shopId, {
        keys,
        fingerprint,
        actor: '42',
        now: now(),
        startAutomations,
      });
      if (done.outcome !== 'done') throw new Error(`not turned on: ${done.outcome}`);
    },
    async approve(change, more = {}) {
      const { fingerprint } = await inShop((tx) => reviewChange(tx, { change, now: now() }));
      const done = await applyChange(world.ctx, shopId, {
        change,
        fingerprint,
        actor: '42',
        now: now(),
        ...more,
      });
      if (done.outcome !== 'done') throw new Error(`not changed: ${done.outcome}`);
      return done.approvalId;
    },
    sendFlow: () => sendFlow(ctx, shopId),
    writeMetafields: () => writeMetafields(ctx, shopId),
    syncNativeSegments: () => syncNativeSegments(ctx, shopId),
    told: () =>
      [...world.store.flowTriggers.all()].map(({ handle, payload }) => {
        const customer = numbers.get(String(payload['customer_id']));
        return 'Subject' in payload
          ? `${handle} ${String(payload['Subject'])}`
          : `${handle} c${String(customer).padStart(3, '0')} ${String(payload['Segment Name'])} ${String(payload['Cause'])}`;
      }),
    fault: async (fault) => void (await control('POST', { shop: WORLD_DOMAIN, ...fault })),
    happened: async (name) => (await control('GET')).happened?.[name] ?? 0,
    clearFaults: async () => void (await control('DELETE')),
    idOf,
    numberOf: (id) => numbers.get(id) ?? 0,
    async close() {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await inShop(async (tx) => {
    if (options.presets) await installPresets(tx, now());
    await createSegment(tx, { name: 'VIP', rule: vipRule(100_000), actor: '42', now: now() });
  });
  await reach.turnOn(['vip']);
  await world.push(shopId);
  return reach;
}
