/**
 * A merchant on the arithmetic store: the store in the sandbox, everything over HTTP, and the acts by the names that a
 * merchant has for them. "Shopify" is what the sandbox says from its own state.
 */
import { releaseWaiting } from '../../../app/activation/flow/release-waiting.server.ts';
import { sendFlow } from '../../../app/activation/flow/send-flow.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import type { SegmentSettings } from '../../../app/segments/segment-settings.ts';
import { why } from '../../../app/segments/why.server.ts';
import { causeWords } from '../../../app/ui/cause-words.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

export interface Merchant extends OfferWorld {
  /** A segment of one's own, a draft. */
  make(name: string, rule: Rule, settings?: SegmentSettings): Promise<void>;
  /** Numbers of those whom the app has in the segment. */
  members(key: string): Promise<number[]>;
  /** Numbers of those whom Shopify says have the tag. */
  taggedAs(tag: string): number[];
  /** "Why": the sentence about what comes. */
  reads(k: number, key: string): Promise<string | null>;
  /** "c014 entered win-back-30-59 (date)": what the history says of this instant. */
  moved(at: Date): Promise<string[]>;
  approve(change: SegmentChange): Promise<string>;
  /** What Flow has been told: "customer-left-segment c160 VIP date". */
  flow(): Promise<string[]>;
  ordersOf(k: number): Promise<{ orders: number; spent: string } | undefined>;
  idOf(k: number): string;
}

/** c201 and on are new customers of the test. */
export async function createMerchant(): Promise<Merchant> {
  const one = await createOfferWorld();
  const { shopId, inShop, now, world } = one;
  const idOf = (k: number) =>
    [...world.store.customers()].find(({ email }) => email === arithmeticEmail(k))?.id.replace(/\D+/g, '') ??
    '';
  const numberOf = (id: unknown) => {
    const found = [...world.store.customers()].find(
      (customer) => customer.id.replace(/\D+/g, '') === String(id),
    );
    return Number(found?.email?.slice(1, 4));
  };
  const named = (k: number) => `c${String(k).padStart(3, '0')}`;
  const byNumber = (a: number, b: number) => a - b;
  return {
    ...one,
    idOf,
    async make(name, rule, settings = {}) {
      await inShop((tx) => createSegment(tx, { name, rule, settings, actor: '42', now: now() }));
    },
    async members(key) {
      const { rows } = await inShop((tx) =>
        tx.query<{ id: string }>(sql`
          SELECT m.customer_id AS id FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
           WHERE m.shop_id = ${shopId} AND s.key = ${key}`),
      );
      return rows.map(({ id }) => numberOf(id)).sort(byNumber);
    },
    taggedAs: (tag) =>
      [...world.store.customers()]
        .flatMap(({ tags, email }) => (tags.includes(tag) ? [Number(email?.slice(1, 4))] : []))
        .sort(byNumber),
    async reads(k, key) {
      const answer = await inShop((tx) => why(tx, { customerId: idOf(k), key, now: now() }));
      return answer?.sentence ?? null;
    },
    async moved(at) {
      const { rows } = await inShop((tx) =>
        tx.query<{ id: string; kind: string; key: string; cause: string }>(sql`
          SELECT e.customer_id AS id, e.kind, s.key, e.cause FROM membership_event e
            JOIN segment s ON s.shop_id = e.shop_id AND s.id = e.segment_id
           WHERE e.shop_id = ${shopId} AND e.at = ${at}`),
      );
      return rows
        .map(({ id, kind, key, cause }) => `${named(numberOf(id))} ${kind} ${key} (${causeWords(cause)})`)
        .sort();
    },
    async approve(change) {
      const { fingerprint } = await inShop((tx) => reviewChange(tx, { change, now: now() }));
      const done = await applyChange(world.ctx, shopId, { change, fingerprint, actor: '42', now: now() });
      if (done.outcome !== 'done') throw new Error(`not changed: ${done.outcome}`);
      await one.settle();
      return done.approvalId;
    },
    async flow() {
      await inShop((tx) => releaseWaiting(tx, now()));
      await sendFlow({ ...world.ctx, admin: await world.ctx.adminFor(shopId) }, shopId);
      return [...world.store.flowTriggers.all()].map(
        ({ handle, payload }) =>
          `${handle} ${named(numberOf(payload['customer_id']))} ${String(payload['Segment Name'])} ${String(payload['Cause'])}`,
      );
    },
    async ordersOf(k) {
      const { rows } = await inShop((tx) =>
        tx.query<{ orders: number; spent: string }>(sql`
          SELECT orders, spent_minor AS spent FROM profile WHERE shop_id = ${shopId} AND customer_id = ${idOf(k)}::bigint`),
      );
      return rows[0];
    },
  };
}
